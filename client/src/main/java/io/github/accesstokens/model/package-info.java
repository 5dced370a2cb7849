/** The immutable models of the API with their JSON adapters; generated but for what they share. */
@NullMarked
package io.github.accesstokens.model;

import org.jspecify.annotations.NullMarked;
