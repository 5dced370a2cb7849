package io.github.accesstokens.samples.android;

import android.app.Application;
import android.content.Context;
import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import org.jspecify.annotations.Nullable;

/** Holds the rotation of the process. */
public class SampleApp extends Application {
  private @Nullable TokenRotation rotation;

  @Override
  public void onCreate() {
    super.onCreate();
    RotationJob.schedule(this);
  }

  /** Returns the rotation. Call it on the main thread. */
  static TokenRotation rotation(Context context) {
    SampleApp app = (SampleApp) context.getApplicationContext();
    TokenRotation rotation = app.rotation;
    if (rotation == null) {
      rotation = app.newRotation();
      app.rotation = rotation;
    }
    return rotation;
  }

  /**
   * Makes the rotation. Anybody who has the app can read an API token that is built into it, so
   * this is for devices that you manage.
   */
  TokenRotation newRotation() {
    return new TokenRotation(
        AccessTokensClient.builder().credentials(Credentials.apiToken("API-TOKEN")).build(),
        // Backups leave this directory out. They could not decrypt it without the key.
        new PairStore(getNoBackupFilesDir(), new KeyStoreSealing()),
        "023e105f4ecef8ad9ca31a8372d0c353",
        "f174e90a-fafe-4643-bbbc-4a0ed4fc8415");
  }
}
