/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Paths by their steps. A tree that is {@linkplain #requireDisjoint without clashes} has, at each
 * place, either the end of one path or branches of one kind.
 */
final class PathTree {
  private final Map<Path.Step, PathTree> branches = new LinkedHashMap<>();

  /** Numbers of the paths that end here. */
  private final List<Integer> ends = new ArrayList<>();

  /** The number of the path that made this branch. */
  private final int born;

  private PathTree(int born) {
    this.born = born;
  }

  static PathTree of(List<Path> paths) {
    PathTree root = new PathTree(0);
    for (int i = 0; i < paths.size(); i++) {
      int number = i;
      PathTree place = root;
      for (Path.Step step : paths.get(i).steps()) {
        place = place.branches.computeIfAbsent(step, s -> new PathTree(number));
      }
      place.ends.add(number);
    }
    return root;
  }

  Map<Path.Step, PathTree> branches() {
    return branches;
  }

  /** The number of the path that ends here; null when none does. */
  @Nullable Integer end() {
    return ends.isEmpty() ? null : ends.get(0);
  }

  /**
   * Refuses paths that overlap, or that take one place for a list and for a map. Of several clashes
   * the service reports the first that it meets from the newest branch on.
   */
  static void requireDisjoint(String parameter, List<Path> paths) {
    of(paths).check(parameter, paths);
  }

  private void check(String parameter, List<Path> paths) {
    List<Entry> entries = entries();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.branch != null) {
        entry.branch.check(parameter, paths);
      }
      for (int j = 0; j < entries.size(); j++) {
        if (i != j) {
          entry.requireDisjoint(entries.get(j), parameter, paths);
        }
      }
    }
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    branches.forEach((step, branch) -> entries.add(new Entry(branch.born, step, branch)));
    ends.forEach(number -> entries.add(new Entry(number, null, null)));
    entries.sort(Comparator.comparing(Entry::number).reversed());
    return entries;
  }

  /** What is at a place: a branch, or the end of a path. */
  private record Entry(int number, Path.@Nullable Step step, @Nullable PathTree branch) {
    void requireDisjoint(Entry other, String parameter, List<Path> paths) {
      if (step == null || other.step == null) {
        throw clash("overlap", other, parameter, paths);
      }
      if (step instanceof Path.Member != other.step instanceof Path.Member) {
        throw clash("conflict", other, parameter, paths);
      }
    }

    private RuntimeException clash(String what, Entry other, String parameter, List<Path> paths) {
      int one = Math.min(path(), other.path());
      int two = Math.max(path(), other.path());
      return Refusal.in(
          parameter,
          "Two document paths "
              + what
              + " with each other; must remove or rewrite one of these paths; path one: "
              + paths.get(one)
              + ", path two: "
              + paths.get(two));
    }

    /** A path that ends here or below: the newest. */
    private int path() {
      return branch == null ? number : branch.entries().get(0).path();
    }
  }
}
