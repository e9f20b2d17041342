/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.replica.Promotion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value whose constructor says by parts how it is read is read as strictly as any other. */
class PartsTest {
  private static final String WHOLE =
      "{\"schemaVersion\":1,\"form\":\"STANDALONE\",\"forced\":true}";

  @Test
  void isReadByItsConstructor() {
    assertThat(Json.read(WHOLE, Promotion.class)).isEqualTo(Promotion.forced());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"form\":\"STANDALONE\", | ",
        "\"STANDALONE\" | null",
        "\"STANDALONE\" | 0",
        "true | \"true\"",
        "true | null",
        "\"forced\" | \"force\""
      })
  void isRefusedInAnyOtherForm(String change) {
    String[] parts = change.split(" [|] ?", -1);
    String changed = WHOLE.replace(parts[0], parts[1]);
    assertThat(changed).isNotEqualTo(WHOLE);
    assertThatThrownBy(() -> Json.read(changed, Promotion.class))
        .isInstanceOf(InvalidArgumentException.class);
  }
}
