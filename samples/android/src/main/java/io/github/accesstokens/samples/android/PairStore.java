package io.github.accesstokens.samples.android;

import android.util.AtomicFile;
import io.github.accesstokens.Handover;
import io.github.accesstokens.Rotated;
import io.github.accesstokens.model.ServiceToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pair in the app's private storage, encrypted.
 *
 * <p>It marks the start of a rotation before anything is sent. If the process dies before the
 * outcome is stored, the mark is still there at the next start, and the outcome is unknown.
 */
final class PairStore implements Handover {
  private final Sealing sealing;
  private final AtomicFile pair;
  private final AtomicFile unproven;
  private final AtomicFile mark;

  /** Creates a store. Use a directory that backups leave out: a backup has no key to decrypt it. */
  PairStore(File directory, Sealing sealing) {
    this.sealing = sealing;
    pair = new AtomicFile(new File(directory, "pair"));
    unproven = new AtomicFile(new File(directory, "unproven"));
    mark = new AtomicFile(new File(directory, "rotating"));
  }

  /** A Client ID with its Client Secret. */
  record Pair(String clientId, String clientSecret) {
    /** Leaves out the secret. */
    @Override
    public String toString() {
      return "Pair{clientId=" + clientId + '}';
    }
  }

  /** Returns the stored pair, or null if there is none. */
  @Nullable Pair pair() throws IOException {
    return read(pair);
  }

  /** Returns the pair of an unknown outcome, or null if there is none. */
  @Nullable Pair unproven() throws IOException {
    return read(unproven);
  }

  /** Returns whether a rotation was started and its outcome was not stored. */
  boolean isRotating() {
    return mark.getBaseFile().exists();
  }

  /** Forgets a rotation that was certainly not applied, or whose outcome the user has found out. */
  void forgetRotation() {
    mark.delete();
  }

  /** Stores the pair of a rotation, which ends the rotation. */
  void store(Rotated rotated) throws IOException {
    write(pair, rotated.getToken(), rotated.getClientSecret());
    unproven.delete();
    mark.delete();
  }

  @Override
  public Receiver prepare() throws IOException {
    if (isRotating()) {
      throw new IOException("the outcome of the last rotation is unknown");
    }
    seal(new byte[1]); // Fails now if the key store does not work.
    write(mark, new byte[0]);
    return new Receiver() {
      @Override
      public void receive(Rotated rotated) throws IOException {
        store(rotated);
      }

      @Override
      public String receiveUnproven(ServiceToken token) throws IOException {
        write(unproven, token, String.valueOf(token.getClientSecret()));
        return "the app's storage";
      }

      @Override
      public void close() {}
    };
  }

  private void write(AtomicFile file, ServiceToken token, String secret) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(text);
    out.writeUTF(String.valueOf(token.getClientId()));
    out.writeUTF(secret);
    write(file, seal(text.toByteArray()));
  }

  private static void write(AtomicFile file, byte[] content) throws IOException {
    FileOutputStream out = file.startWrite();
    try {
      out.write(content);
    } catch (IOException e) {
      file.failWrite(out);
      throw e;
    }
    file.finishWrite(out);
    // It only logs that a rename failed.
    if (!Arrays.equals(file.readFully(), content)) {
      throw new IOException(file.getBaseFile() + " cannot be written");
    }
  }

  private byte[] seal(byte[] text) throws IOException {
    try {
      return sealing.seal(text);
    } catch (GeneralSecurityException e) {
      throw new IOException("the pair cannot be encrypted", e);
    }
  }

  private @Nullable Pair read(AtomicFile file) throws IOException {
    if (!file.getBaseFile().exists()) {
      return null;
    }
    try {
      DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(sealing.open(file.readFully())));
      return new Pair(in.readUTF(), in.readUTF());
    } catch (GeneralSecurityException e) {
      throw new IOException("the pair cannot be decrypted", e);
    }
  }
}
