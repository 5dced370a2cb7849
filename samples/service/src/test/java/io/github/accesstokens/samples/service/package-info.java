@NullMarked
package io.github.accesstokens.samples.service;

import org.jspecify.annotations.NullMarked;
