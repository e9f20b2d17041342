/**
 * What every provider has to do, as JUnit 5 classes to extend: once on a simulator, and the same
 * once more on a real account.
 */
@NullMarked
package io.clouddb.testkit.contract;

import org.jspecify.annotations.NullMarked;
