/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a shell that ignores Ctrl-C, as that of {@code nohup mvn verify &} does. */
class DefaultInterruptTest {
  private static final List<String> IGNORING =
      List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh");

  private static List<String> ignoring(List<String> way) {
    List<String> words = new ArrayList<>(IGNORING);
    words.addAll(way);
    return words;
  }

  @Test
  void aProgramThatIsStartedWithoutHelpIgnoresIt() throws Exception {
    assertThat(DefaultInterrupt.works(ignoring(List.of()))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"env", "perl", "python3"})
  void aProgramThatIsStartedWithHelpEndsByIt(String helper) throws Exception {
    List<String> way =
        DefaultInterrupt.WAYS.stream()
            .filter(each -> each.indexOf(helper) == 0)
            .findFirst()
            .orElseThrow();
    assumeTrue(DefaultInterrupt.works(way), "not on this machine, or too old: " + helper);

    assertThat(DefaultInterrupt.works(ignoring(way))).isTrue();
  }
}
