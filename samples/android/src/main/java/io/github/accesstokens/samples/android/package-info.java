/** An app that rotates its service token. */
@NullMarked
package io.github.accesstokens.samples.android;

import org.jspecify.annotations.NullMarked;
