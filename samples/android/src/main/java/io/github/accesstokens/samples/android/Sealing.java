package io.github.accesstokens.samples.android;

import java.security.GeneralSecurityException;

/** Encrypts what the app stores. */
interface Sealing {
  byte[] seal(byte[] text) throws GeneralSecurityException;

  byte[] open(byte[] sealed) throws GeneralSecurityException;
}
