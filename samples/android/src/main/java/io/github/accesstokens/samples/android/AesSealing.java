package io.github.accesstokens.samples.android;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Encrypts with AES in GCM. The result starts with the cipher's own random IV of 12 bytes. */
abstract class AesSealing implements Sealing {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;

  abstract SecretKey key() throws GeneralSecurityException;

  @Override
  public byte[] seal(byte[] text) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.ENCRYPT_MODE, key());
    byte[] sealed = cipher.doFinal(text);
    return ByteBuffer.allocate(IV_BYTES + sealed.length).put(cipher.getIV()).put(sealed).array();
  }

  @Override
  public byte[] open(byte[] sealed) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.DECRYPT_MODE, key(), new GCMParameterSpec(TAG_BITS, sealed, 0, IV_BYTES));
    return cipher.doFinal(sealed, IV_BYTES, sealed.length - IV_BYTES);
  }
}
