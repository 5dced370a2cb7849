package io.github.accesstokens.provider.shaded;

/**
 * Replaces JUnit 4's class of this name in the packaged jar: MockWebServer extends it, and the stub
 * provider does not use it.
 */
public class ExternalResource {
  /** Does nothing. */
  protected void before() throws Throwable {}

  /** Does nothing. */
  protected void after() {}
}
