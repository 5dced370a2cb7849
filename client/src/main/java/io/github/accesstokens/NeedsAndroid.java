package io.github.accesstokens;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what needs a later Android API level than 21, desugaring included. The build checks that
 * nothing else does.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
@interface NeedsAndroid {
  /** Returns the API level. */
  int value();
}
