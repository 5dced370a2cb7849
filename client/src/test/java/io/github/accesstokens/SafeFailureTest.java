package io.github.accesstokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.security.cert.CertificateException;
import okhttp3.internal.http2.ConnectionShutdownException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is reported of a failure, and which failures may pass. */
class SafeFailureTest {
  @Test
  void redactedFailure_keepsItsTypeForOkHttpAndItsStackTraceOnly() {
    IOException failure = new IOException("perhaps a secret", new IOException("perhaps a secret"));
    assertThat(SafeFailure.redacted(failure))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("IOException")
        .hasNoCause()
        .extracting(Throwable::getStackTrace)
        .isEqualTo(failure.getStackTrace());
    assertThat(SafeFailure.redacted(new InterruptedIOException("timeout")))
        .isExactlyInstanceOf(InterruptedIOException.class)
        .hasMessage("timeout");
  }

  @Test
  void shutdownOfAConnection_isBeforeTheHeaders() {
    assertThat(SafeFailure.isBeforeHeaders(new ConnectionShutdownException())).isTrue();
    assertThat(SafeFailure.isBeforeHeaders(new IOException())).isFalse();
  }

  @Test
  @Timeout(30)
  void failureOfTheNetwork_isTransient() {
    assertThat(SafeFailure.isTransient(new IOException(new RuntimeException()))).isTrue();
    assertThat(SafeFailure.isTransient(new RuntimeException())).isFalse();
    assertThat(SafeFailure.isTransient(null)).isFalse();
    IOException wrongCertificate = new IOException(new IOException(new CertificateException()));
    assertThat(SafeFailure.isTransient(wrongCertificate)).isFalse();
    IOException circular = new IOException("one");
    circular.initCause(new IOException("other", circular));
    assertThat(SafeFailure.isTransient(circular)).isTrue();
  }
}
