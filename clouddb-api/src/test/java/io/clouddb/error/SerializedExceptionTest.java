/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An exception that comes out of another process says as much there as here. */
class SerializedExceptionTest {
  private static ErrorDetails.Builder details(ErrorCategory category) {
    return ErrorDetails.of(category, "It broke")
        .retryable(true)
        .retryAfter(Duration.ofSeconds(7))
        .outcomeKnown(false)
        .operation("rds.CreateDBInstance")
        .resource("orders")
        .providerCode("SomeCode")
        .requestId("r-1")
        .nextStep("Try again.")
        .leftBehind("a group")
        .operationToken("clouddb-op-1.x");
  }

  private static <T extends Throwable> T carried(T exception) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(exception);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      @SuppressWarnings("unchecked") // It is what was written.
      T read = (T) in.readObject();
      return read;
    }
  }

  private static void assertSame(CloudDbException read, CloudDbException written) {
    assertThat(read).hasSameClassAs(written).hasMessage(written.getMessage());
    assertThat(read.details()).usingRecursiveComparison().isEqualTo(written.details());
    assertThat(read.category()).isEqualTo(written.category());
    assertThat(read.retryable()).isEqualTo(written.retryable());
    assertThat(read.nextStep()).isEqualTo(written.nextStep());
    assertThat(read.getStackTrace()).isEqualTo(written.getStackTrace());
  }

  @ParameterizedTest
  @EnumSource(ErrorCategory.class)
  void everyClassKeepsWhatItKnows(ErrorCategory category) throws Exception {
    CloudDbException written =
        details(category).toException(new IOException("the way was cut off"));
    CloudDbException read = carried(written);
    assertSame(read, written);
    assertThat(read)
        .hasCauseInstanceOf(IOException.class)
        .hasRootCauseMessage("the way was cut off");

    CloudDbException bare = ErrorDetails.of(category, "It broke").toException();
    assertSame(carried(bare), bare);
  }

  @Test
  void noClassIsForgotten() throws Exception {
    Set<Class<?>> made =
        Stream.of(ErrorCategory.values())
            .map(category -> ErrorDetails.of(category, "x").toException().getClass())
            .collect(Collectors.toSet());
    assertThat(made).containsAll(classesOfThePackage());
  }

  private static Set<Class<?>> classesOfThePackage() throws IOException, URISyntaxException {
    Path folder =
        Path.of(
                Objects.requireNonNull(CloudDbException.class.getResource("CloudDbException.class"))
                    .toURI())
            .getParent();
    try (Stream<Path> files = Files.list(Objects.requireNonNull(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Exception.class"))
          .map(name -> CloudDbException.class.getPackageName() + "." + name.replace(".class", ""))
          .<Class<?>>map(SerializedExceptionTest::load)
          .filter(CloudDbException.class::isAssignableFrom)
          .collect(Collectors.toSet());
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a vendor's exception may hold its HTTP client. */
  private static final class UnserializableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("UnusedVariable") // It is there to be in the way.
    private final Object held = new Object();

    UnserializableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  @Test
  void aCauseThatCannotBeCarriedIsTold() throws Exception {
    CloudDbException written =
        details(ErrorCategory.QUOTA)
            .toException(new UnserializableException("vendor's words", new IOException("deeper")));
    written.addSuppressed(new UnserializableException("beside", new IOException("it")));

    CloudDbException read = carried(written);

    assertSame(read, written);
    Throwable cause = Objects.requireNonNull(read.getCause());
    assertThat(cause).hasMessageContainingAll("UnserializableException", "vendor's words");
    assertThat(cause.getStackTrace())
        .isEqualTo(Objects.requireNonNull(written.getCause()).getStackTrace());
    assertThat(cause.getCause()).hasMessageContaining("deeper");
    assertThat(read.getSuppressed()).singleElement().asString().contains("beside");
  }

  /** Either of the two is enough to be in the way. */
  @Test
  void whatIsInTheWayIsFoundInTheCauseAndBeside() throws Exception {
    CloudDbException inTheCause =
        details(ErrorCategory.QUOTA)
            .toException(new UnserializableException("vendor's words", new IOException("deeper")));
    inTheCause.addSuppressed(new IOException("beside"));
    assertThat(carried(inTheCause).getCause()).hasMessageContaining("vendor's words");
    assertThat(carried(inTheCause).getSuppressed())
        .singleElement()
        .isInstanceOf(IOException.class)
        .extracting(Throwable::getMessage)
        .isEqualTo("beside");

    CloudDbException beside =
        details(ErrorCategory.QUOTA).toException(new IOException("the way was cut off"));
    beside.addSuppressed(new UnserializableException("at closing", new IOException("it")));
    assertThat(carried(beside)).hasCauseInstanceOf(IOException.class);
    assertThat(carried(beside).getSuppressed()).singleElement().asString().contains("at closing");
  }

  /** As of a try-with-resources in the vendor's code, and of two that name each other. */
  @Test
  void whatIsBesideTheVendorsOwnIsToldToo() throws Exception {
    UnserializableException vendors =
        new UnserializableException("vendor's words", new IOException("deeper"));
    vendors.addSuppressed(new IOException("at closing"));
    UnserializableException other = new UnserializableException("other", vendors);
    vendors.addSuppressed(other);

    Throwable cause =
        Objects.requireNonNull(
            carried(details(ErrorCategory.QUOTA).toException(vendors)).getCause());

    assertThat(cause.getSuppressed())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("at closing"),
            second -> assertThat(second).contains("other"));
    assertThat(cause.getSuppressed()[1]).hasNoCause();
  }
}
