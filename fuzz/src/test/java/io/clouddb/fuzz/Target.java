/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

/**
 * One thing that reads what may come from anywhere.
 *
 * @param name what failures call it
 * @param ready makes ready what a case needs, out of the case's time and memory; called before each
 * @param body one case
 */
record Target(String name, Ready ready, Body body) {
  Target(String name, Body body) {
    this(name, () -> {}, body);
  }

  /** What has to be there. */
  interface Ready {
    /**
     * Makes it, unless it is there.
     *
     * @throws Exception when it cannot be made
     */
    void make() throws Exception;
  }

  /** One case. */
  interface Body {
    /**
     * Tries one input.
     *
     * @param source where the input comes from, the same for the same seed and case
     * @throws Exception when the subject did what it must not
     */
    void run(Source source) throws Exception;
  }
}
