/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.command;

import io.clouddb.examples.cloud.Cloud;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a cloud's id from a command line. */
public final class CloudConverter implements ITypeConverter<Cloud> {
  @Override
  public Cloud convert(String value) {
    try {
      return Cloud.ofId(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
