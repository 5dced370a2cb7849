package io.github.accesstokens.generator;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Names of one namespace. A name that is taken gets a number, in the order of the description. */
final class Names {
  private final Set<String> taken = new HashSet<>();
  private final Set<String> reserved;

  Names(String... reserved) {
    this.reserved = Set.of(reserved);
  }

  /** Returns the name, or the name with the first number that makes it free, and takes it. */
  String take(String name, List<String> suffixes) {
    String candidate = name;
    for (int number = 2; !isFree(candidate, suffixes); number++) {
      candidate = name + (Character.isDigit(name.charAt(name.length() - 1)) ? "_" : "") + number;
    }
    taken.add(key(candidate));
    for (String suffix : suffixes) {
      taken.add(key(candidate + suffix));
    }
    return candidate;
  }

  String take(String name) {
    return take(name, List.of());
  }

  boolean isFree(String name, List<String> suffixes) {
    return !reserved.contains(name)
        && !taken.contains(key(name))
        && suffixes.stream().noneMatch(suffix -> taken.contains(key(name + suffix)));
  }

  /** Names that differ by case only are the same: they are names of files, too. */
  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
