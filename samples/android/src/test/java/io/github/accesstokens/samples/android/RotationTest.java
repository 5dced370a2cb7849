package io.github.accesstokens.samples.android;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.os.Looper;
import android.widget.TextView;
import io.github.accesstokens.provider.Fault;
import io.github.accesstokens.samples.android.TokenRotation.State;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.BeforeClass;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowJobService;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The screen and the job on the classes of Android 14. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, application = TestApp.class)
public class RotationTest {
  private final TestApp app = (TestApp) RuntimeEnvironment.getApplication();

  /** Retrofit and OkHttp recognize Android by this name. */
  @BeforeClass
  public static void beAndroid() {
    System.setProperty("java.vm.name", "Dalvik");
  }

  @Test
  public void touchOfTheButton_rotatesAndShowsNoSecret() throws IOException {
    RotationScreen screen = open();
    screen.findViewById(RotationScreen.ROTATE).performClick();
    waitUntil(() -> !status(screen).isEmpty());
    assertThat(status(screen)).isEqualTo("Rotated");
    assertThat(storedPair().clientSecret()).isEqualTo(app.token.clientSecret());
    assertThat(storedPair().clientId()).isEqualTo(app.token.clientId());
  }

  @Test
  public void storedPair_isEncrypted() throws IOException {
    assertThat(rotate()).isEqualTo(State.ROTATED);
    byte[] file = Files.readAllBytes(new File(app.getNoBackupFilesDir(), "pair").toPath());
    assertThat(new String(file, ISO_8859_1))
        .doesNotContain(app.token.clientSecret(), app.token.clientId());
  }

  @Test
  public void outcome_arrivesOnTheMainThread() {
    List<Thread> threads = new ArrayList<>();
    SampleApp.rotation(app).start(state -> threads.add(Thread.currentThread()));
    waitUntil(() -> !threads.isEmpty());
    assertThat(threads).containsExactly(Looper.getMainLooper().getThread());
  }

  @Test
  public void job_rotatesAndIsNotRunAgain() {
    RotationJob job = Robolectric.buildService(RotationJob.class).create().get();
    assertThat(job.onStartJob(Shadow.newInstanceOf(JobParameters.class))).isTrue();
    ShadowJobService shadow = shadowOf(job);
    waitUntil(shadow::getIsJobFinished);
    assertThat(shadow.getIsRescheduleNeeded()).isFalse();
    assertThat(app.token.rotations()).isEqualTo(1);
  }

  @Test
  public void jobAfterARefusal_isRunAgain() {
    app.provider.enqueue(Fault.status(403));
    RotationJob job = Robolectric.buildService(RotationJob.class).create().get();
    job.onStartJob(Shadow.newInstanceOf(JobParameters.class));
    ShadowJobService shadow = shadowOf(job);
    waitUntil(shadow::getIsJobFinished);
    assertThat(shadow.getIsRescheduleNeeded()).isTrue();
    assertThat(app.store().isRotating()).isFalse();
  }

  @Test
  public void startOfTheApp_schedulesTheJob() {
    assertThat(app.getSystemService(JobScheduler.class).getAllPendingJobs())
        .extracting(job -> job.getService().getClassName())
        .containsExactly(RotationJob.class.getName());
  }

  /** Robolectric does not read the manifest without compiled resources. */
  @Test
  public void manifest_namesTheClasses() throws Exception {
    NodeList parts =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new File("src/main/AndroidManifest.xml"))
            .getElementsByTagName("*");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < parts.getLength(); i++) {
      names.add(((Element) parts.item(i)).getAttribute("android:name"));
    }
    assertThat(names)
        .filteredOn(name -> name.startsWith("."))
        .containsExactlyInAnyOrder(".SampleApp", ".RotationScreen", ".RotationJob");
  }

  @Test
  public void processThatDiesBetweenSentAndStored_isUnknownAtTheNextStart() {
    // The provider rotates, and the response never arrives in the first process.
    app.provider.enqueue(Fault.cutAfterApplying());
    TokenRotation first = app.newRotation();
    List<State> states = new ArrayList<>();
    first.start(states::add);
    waitUntil(() -> app.token.rotations() == 1);

    TokenRotation next = app.newRotation();
    assertThat(next.isUnknown()).isTrue();
    assertThat(rotate(next)).isEqualTo(State.UNKNOWN);
    assertThat(app.provider.requests()).hasSize(1);

    waitUntil(() -> !states.isEmpty());
    assertThat(states).containsExactly(State.UNKNOWN);
    next.resolve();
    assertThat(rotate(next)).isEqualTo(State.ROTATED);
  }

  @Test
  public void pairThatCannotBeStored_isStoredByTheNextStart() throws IOException {
    app.failingSeal = 2; // The first one is the test before the request.
    assertThat(rotate()).isEqualTo(State.NOT_STORED);
    assertThat(rotate()).isEqualTo(State.ROTATED);
    assertThat(storedPair().clientSecret()).isEqualTo(app.token.clientSecret());
    assertThat(app.provider.requests()).hasSize(1);
  }

  @Test
  public void fileThatCannotBeReplaced_isNotStored() throws IOException {
    File pair = new File(app.getNoBackupFilesDir(), "pair");
    assertThat(new File(pair, "content").mkdirs()).isTrue();
    assertThat(rotate()).isEqualTo(State.NOT_STORED);
    assertThat(new File(pair, "content").delete()).isTrue();
    assertThat(rotate()).isEqualTo(State.ROTATED);
    assertThat(storedPair().clientSecret()).isEqualTo(app.token.clientSecret());
  }

  @Test
  public void resolvingDuringARotation_keepsTheMark() throws Exception {
    app.provider.enqueue(Fault.cutAfterApplying());
    TokenRotation rotation = SampleApp.rotation(app);
    List<State> states = new ArrayList<>();
    rotation.start(states::add);
    app.provider.awaitRequests(1, Duration.ofSeconds(30));
    rotation.resolve();
    waitUntil(() -> !states.isEmpty());
    assertThat(states).containsExactly(State.UNKNOWN);
    assertThat(rotation.isUnknown()).isTrue();
  }

  @Test
  public void screenAfterAnUnknownOutcome_saysSoAndSendsNothing() {
    app.provider.enqueue(Fault.cutAfterApplying());
    assertThat(rotate()).isEqualTo(State.UNKNOWN);
    RotationScreen screen = open();
    assertThat(status(screen)).startsWith("Unknown whether rotated");
    screen.findViewById(RotationScreen.ROTATE).performClick();
    assertThat(app.provider.requests()).hasSize(1);
    screen.findViewById(RotationScreen.RESOLVE).performClick();
    screen.findViewById(RotationScreen.ROTATE).performClick();
    waitUntil(() -> !status(screen).isEmpty());
    assertThat(status(screen)).isEqualTo("Rotated");
  }

  private State rotate() {
    return rotate(SampleApp.rotation(app));
  }

  private static State rotate(TokenRotation rotation) {
    List<State> states = new ArrayList<>();
    rotation.start(states::add);
    waitUntil(() -> !states.isEmpty());
    return states.get(0);
  }

  private static RotationScreen open() {
    return Robolectric.buildActivity(RotationScreen.class).setup().get();
  }

  private static String status(RotationScreen screen) {
    return ((TextView) screen.findViewById(RotationScreen.STATUS)).getText().toString();
  }

  private PairStore.Pair storedPair() throws IOException {
    PairStore.Pair pair = app.store().pair();
    if (pair == null) {
      throw new AssertionError("no pair is stored");
    }
    return pair;
  }

  /** Runs what is posted to the main thread, which is the thread of the test. */
  private static void waitUntil(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > 30_000_000_000L) {
        throw new AssertionError("nothing happened for 30 seconds");
      }
      shadowOf(Looper.getMainLooper()).idle();
      Thread.onSpinWait();
    }
  }
}
