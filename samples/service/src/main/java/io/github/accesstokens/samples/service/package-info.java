/** A service that rotates its service token on a schedule, without a failed request. */
@NullMarked
package io.github.accesstokens.samples.service;

import org.jspecify.annotations.NullMarked;
