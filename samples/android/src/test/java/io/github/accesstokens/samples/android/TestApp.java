package io.github.accesstokens.samples.android;

import io.github.accesstokens.AccessTokensClient;
import io.github.accesstokens.api.Credentials;
import io.github.accesstokens.provider.StubProvider;
import io.github.accesstokens.provider.StubToken;
import java.security.KeyStoreException;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The app with a stub provider, and with a key in memory: Robolectric has no key store. */
public final class TestApp extends SampleApp {
  final StubProvider provider = StubProvider.start();
  final StubToken token = provider.addToken();

  /** The number of the encryption or decryption that fails. */
  int failingSeal;

  private int seals;

  PairStore store() {
    return new PairStore(
        getNoBackupFilesDir(),
        new AesSealing() {
          @Override
          SecretKey key() throws KeyStoreException {
            if (++seals == failingSeal) {
              throw new KeyStoreException("fails on purpose");
            }
            byte[] key = new byte[32];
            Arrays.fill(key, (byte) 7);
            return new SecretKeySpec(key, "AES");
          }
        });
  }

  /** Makes what a new process makes. */
  @Override
  TokenRotation newRotation() {
    provider.acceptApiToken("api-token");
    return new TokenRotation(
        AccessTokensClient.builder()
            .credentials(Credentials.apiToken("api-token"))
            .baseUrl(provider.baseUrl())
            .build(),
        store(),
        token.accountId(),
        token.id());
  }

  @Override
  public void onTerminate() {
    provider.close();
    super.onTerminate();
  }
}
