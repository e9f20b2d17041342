/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clouddb.Support;
import io.clouddb.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of the contract has seen a provider do, one line of JSON for each feature: {@code
 * id}, {@code outcome} ({@code yes}, {@code conditional}, {@code preferred}, {@code no}, {@code
 * untried}), {@code carrier} (the vendor's field), {@code text} (the condition or the reason) and
 * {@code instead}. The folder is named by the system property {@value #FOLDER}; where it is not set
 * nothing is written.
 */
public final class FeatureRecord {
  /** Names the folder of the files. */
  public static final String FOLDER = "clouddb.testkit.features";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final @Nullable Path file;
  private final Map<String, Map<String, String>> lines = new LinkedHashMap<>();

  /**
   * Starts a record, and deletes the file of an earlier run.
   *
   * @param file where it is written; null when it is not
   * @throws IOException when the file cannot be deleted
   */
  public FeatureRecord(@Nullable Path file) throws IOException {
    this.file = file;
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Starts a record in the folder that the system property names.
   *
   * @param provider the provider's id
   * @param part what the piece is about, for example {@code instances}
   * @return the record
   * @throws IOException when the file of an earlier run cannot be deleted
   */
  public static FeatureRecord of(String provider, String part) throws IOException {
    String folder = System.getProperty(FOLDER, "");
    return new FeatureRecord(
        folder.isEmpty() ? null : Path.of(folder).resolve(provider + "-" + part + ".jsonl"));
  }

  /** Something that was done and needs no condition. */
  public void done(String id) {
    add(id, "yes", "", "", "");
  }

  /**
   * Something that was done, of which the capabilities say more.
   *
   * @param id the feature
   * @param claim what they say
   */
  public void done(String id, Support claim) {
    assertThat(claim.answer()).as("%s was done", id).isNotEqualTo(Support.Answer.NO);
    boolean always = claim.answer() == Support.Answer.YES;
    add(id, always ? "yes" : "conditional", "", claim.reason(), "");
  }

  /**
   * Something that the capabilities claim, and that could not be tried.
   *
   * @param id the feature
   * @param claim what they say
   * @param why why it could not
   */
  public void untried(String id, Support claim, String why) {
    assertThat(claim.answer()).as("claim of %s", id).isNotEqualTo(Support.Answer.NO);
    add(id, "untried", "", why + (claim.reason().isEmpty() ? "" : "; " + claim.reason()), "");
  }

  /**
   * Something that a cloud without the driver for it was asked for, and refused.
   *
   * @param id the feature
   * @param claim what its capabilities say
   * @param instead what can be done instead
   */
  public void refused(String id, Support claim, String instead) {
    assertThat(claim.answer()).as("%s was refused", id).isEqualTo(Support.Answer.NO);
    assertThat(claim.reason()).as("reason for %s", id).isNotBlank();
    add(id, "no", "", claim.reason(), instead);
  }

  /**
   * What became of a field that was asked for.
   *
   * @param id the feature
   * @param claim what the provider's capabilities say of it
   * @param seen what its plan said, and what was then seen to be so
   */
  public void seen(String id, Support claim, Plan.Entry seen) {
    Support.Answer expected =
        switch (seen.outcome()) {
          case HONOURED ->
              claim.answer() == Support.Answer.YES
                  ? Support.Answer.YES
                  : Support.Answer.CONDITIONAL;
          case ADJUSTED -> Support.Answer.CONDITIONAL;
          case REFUSED -> Support.Answer.NO;
        };
    assertThat(claim.answer())
        .as("what the capabilities say of %s (%s), where %s", id, claim.reason(), seen)
        .isEqualTo(expected);
    if (expected != Support.Answer.YES) {
      assertThat(claim.reason()).as("reason for %s", id).isNotBlank();
    }
    String outcome =
        switch (seen.outcome()) {
          case HONOURED -> expected == Support.Answer.YES ? "yes" : "conditional";
          case ADJUSTED -> "preferred";
          case REFUSED -> "no";
        };
    add(id, outcome, seen.vendorField(), claim.reason(), seen.alternative());
  }

  /** What became of a part of a change, of which the capabilities say nothing. */
  public void changed(String id, Plan.Entry seen) {
    String outcome =
        switch (seen.outcome()) {
          case HONOURED -> "yes";
          case ADJUSTED -> "preferred";
          case REFUSED -> "no";
        };
    String text = seen.outcome() == Plan.Outcome.HONOURED ? "" : seen.text();
    add(id, outcome, seen.vendorField(), text, seen.alternative());
  }

  private void add(String id, String outcome, String carrier, String text, String instead) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("id", id);
    line.put("outcome", outcome);
    line.put("carrier", carrier);
    line.put("text", text);
    line.put("instead", instead);
    assertThat(lines.put(id, line)).as("an earlier line for %s", id).isNull();
  }

  /**
   * Writes the file, when all has been seen.
   *
   * @throws IOException when it cannot be written
   */
  public void write() throws IOException {
    if (file == null) {
      return;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    StringBuilder text = new StringBuilder();
    for (Map<String, String> line : lines.values()) {
      text.append(line(line)).append('\n');
    }
    Files.writeString(file, text);
  }

  private static String line(Map<String, String> values) throws JsonProcessingException {
    return JSON.writeValueAsString(values);
  }
}
