/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list. The SDK's pagers are not used: they run on Reactor's own threads, which outlive
 * the cloud and keep its classes.
 *
 * @param entries what is on it
 * @param next path and query of the next page; null on the last one
 */
record ListPage<T>(List<T> entries, @Nullable String next) {
  ListPage {
    entries = List.copyOf(entries);
  }

  /**
   * Reads one.
   *
   * @param what what is listed, in the plural
   * @param entry reads what is listed
   */
  static <T> ListPage<T> of(Map<?, ?> document, String what, Function<Map<?, ?>, T> entry) {
    String next = ListDocument.text(document, "nextLink");
    return new ListPage<>(
        ListDocument.entries(document, what).stream().map(entry).toList(),
        next.isEmpty() ? null : ArmOperations.relative(next));
  }

  /** Makes the request for a page. */
  interface Request<T> {
    /**
     * Makes it.
     *
     * @param next path and query; null for the first page
     */
    ListPage<T> page(@Nullable String next);
  }

  /** What is on all pages. */
  static <T> List<T> all(Request<T> request) {
    List<T> all = new ArrayList<>();
    first(
        request,
        entry -> {
          all.add(entry);
          return false;
        });
    return all;
  }

  /** The first that is wanted; what is behind it is not read. */
  static <T> Optional<T> first(Request<T> request, Predicate<? super T> wanted) {
    Set<String> read = new HashSet<>();
    String next = null;
    do {
      ListPage<T> page = request.page(next);
      Optional<T> found = page.entries().stream().filter(wanted).findFirst();
      if (found.isPresent()) {
        return found;
      }
      next = page.next();
      if (next != null && !read.add(next)) {
        // It would be read for ever, and what is on the page that did not come be taken for gone.
        throw ErrorDetails.of(ErrorCategory.OTHER, "Azure has given the same page of a list twice")
            .nextStep("Try again.")
            .toException();
      }
    } while (next != null);
    return Optional.empty();
  }
}
