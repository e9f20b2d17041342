/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretRefTest {
  @Test
  void readsAFileEveryTimeWithoutItsLineBreak(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "first\n");
    SecretRef secret = SecretRef.file(file);
    assertThat(secret.resolve()).isEqualTo("first");
    Files.writeString(file, "second");
    assertThat(secret.resolve()).isEqualTo("second");
    Files.writeString(file, "as Windows writes it\r\n");
    assertThat(secret.resolve()).isEqualTo("as Windows writes it");
    Files.writeString(file, "two lines\n\n");
    assertThat(secret.resolve()).isEqualTo("two lines\n");
    Files.delete(file);
    assertThatThrownBy(secret::resolve)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void saysWhichVariableIsMissing() {
    assertThatThrownBy(SecretRef.environment("CLOUDDB_NO_SUCH_VARIABLE")::resolve)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("CLOUDDB_NO_SUCH_VARIABLE");
    assertThat(SecretRef.environment("PATH").resolve()).isEqualTo(System.getenv("PATH"));
  }

  @Test
  void hasATextFormButForALiteral() {
    for (SecretRef secret :
        new SecretRef[] {
          SecretRef.environment("PW"), SecretRef.file(Path.of("/a:b")), SecretRef.store("arn:x:y")
        }) {
      assertThat(SecretRef.parse(secret.toText())).isEqualTo(secret);
    }
    SecretRef literal = SecretRef.literal("hunter2");
    assertThatThrownBy(literal::toText).isInstanceOf(InvalidArgumentException.class);
    assertThat(literal.toString()).isEqualTo("literal:***");
    assertThat(literal.resolve()).isEqualTo("hunter2");
  }

  @Test
  void refusesAnythingElseWithoutRepeatingIt() {
    for (String text : new String[] {"hunter2", "literal:hunter2", "hunter2:x", "env:"}) {
      assertThatThrownBy(() -> SecretRef.parse(text))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void leavesAStoreToItsProvider() {
    assertThatThrownBy(SecretRef.store("arn:x")::resolve)
        .isInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void aFileThatCannotBeOneIsRefusedWithoutBeingRepeated() {
    assertThatThrownBy(() -> SecretRef.parse("file:/hunter2\0"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageNotContaining("hunter2")
        .hasNoCause();
  }

  /**
   * Read at each connection: what has no end, or can be read once only, is no place for a secret.
   */
  @Test
  void onlyARegularFileIsRead(@TempDir Path folder) throws IOException {
    assertRefused(folder, "no regular file");
    for (String device : new String[] {"/dev/zero", "/dev/null"}) {
      if (Files.exists(Path.of(device))) {
        assertRefused(Path.of(device), "no regular file");
      }
    }
    Path link = folder.resolve("link");
    Path file = Files.writeString(folder.resolve("password"), "hunter2\n");
    Files.createSymbolicLink(link, file.getFileName());
    assertThat(SecretRef.file(link).resolve()).isEqualTo("hunter2");
  }

  @Test
  void aFileIsReadToALimitAndInUtf8Only(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("password");
    Files.writeString(file, "x".repeat(64 << 10));
    assertThat(SecretRef.file(file).resolve()).hasSize(64 << 10);
    Files.writeString(file, "x".repeat((64 << 10) + 1));
    assertRefused(file, "more than 65536 bytes");
    Files.write(file, new byte[] {'p', (byte) 0xFF});
    assertRefused(file, "not UTF-8");
  }

  private static void assertRefused(Path file, String why) {
    assertThatThrownBy(SecretRef.file(file)::resolve)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(file.toString(), why);
  }

  @Test
  void namesWhereTheSecretIsAndALiteralHasNoName() {
    assertThat(SecretRef.environment("PW").name()).isEqualTo("PW");
    assertThat(SecretRef.file(Path.of("/run/password")).name()).isEqualTo("/run/password");
    assertThat(SecretRef.store("arn:x").name()).isEqualTo("arn:x");
    SecretRef literal = SecretRef.literal("hunter2");
    assertThatThrownBy(literal::name)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void isEqualToOneOfTheSameKindAndName() {
    SecretRef secret = SecretRef.environment("PW");
    assertThat(SecretRef.environment("PW")).isEqualTo(secret).hasSameHashCodeAs(secret);
    Set<SecretRef> others =
        Set.of(SecretRef.environment("OTHER"), SecretRef.store("PW"), SecretRef.literal("PW"));
    assertThat(others).doesNotContain(secret).hasSize(3);
    assertThat(others.stream().map(SecretRef::hashCode).distinct()).hasSizeGreaterThan(1);
  }

  @Test
  void aNameIsAsLongAsAPathMayBe() {
    assertThat(SecretRef.store("x".repeat(4096)).name()).hasSize(4096);
    assertThatThrownBy(() -> SecretRef.store("x".repeat(4097)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("4096")
        .hasMessageNotContaining("xxx");
    assertThat(SecretRef.literal("x".repeat(4097)).resolve()).hasSize(4097);
  }
}
