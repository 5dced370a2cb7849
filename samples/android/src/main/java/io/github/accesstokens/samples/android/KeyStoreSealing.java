package io.github.accesstokens.samples.android;

import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

/** Encrypts with a key that does not leave the platform's key store. */
final class KeyStoreSealing extends AesSealing {
  private static final String KEY_STORE = "AndroidKeyStore";
  private static final String ALIAS = "service-token";

  @Override
  SecretKey key() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KEY_STORE);
    try {
      store.load(null);
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
    Key key = store.getKey(ALIAS, null);
    return key == null ? create() : (SecretKey) key;
  }

  private static SecretKey create() throws GeneralSecurityException {
    KeyGenerator generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEY_STORE);
    generator.init(
        new KeyGenParameterSpec.Builder(
                ALIAS, KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build());
    return generator.generateKey();
  }
}
