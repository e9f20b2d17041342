/**
 * Provider-neutral types, the facade that applications call, and the SPI that providers implement.
 */
module io.clouddb.api {
  // In signatures.
  requires transitive java.sql;
  requires transitive micrometer.observation;
  requires transitive org.jspecify;
  // Inside only.
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.datatype.jsr310;
  requires io.github.resilience4j.core;
  requires io.github.resilience4j.retry;
  requires org.slf4j;

  exports io.clouddb;
  exports io.clouddb.backup;
  exports io.clouddb.error;
  exports io.clouddb.instance;
  exports io.clouddb.operation;
  exports io.clouddb.plan;
  exports io.clouddb.replica;
  exports io.clouddb.security;
  exports io.clouddb.spi;
  exports io.clouddb.spi.mapping;
  exports io.clouddb.spi.table;
  exports io.clouddb.spi.workflow;
  exports io.clouddb.sql;
  exports io.clouddb.table;

  // Not API: for modules of this project, which are of the same version.
  exports io.clouddb.internal.file to
      io.clouddb.migration,
      io.clouddb.testkit;
  exports io.clouddb.internal.json to
      io.clouddb.migration;
  exports io.clouddb.internal.text to
      io.clouddb.migration;

  // Values are written as JSON, and read, by their fields and builders.
  opens io.clouddb to
      com.fasterxml.jackson.databind;
  opens io.clouddb.backup to
      com.fasterxml.jackson.databind;
  opens io.clouddb.instance to
      com.fasterxml.jackson.databind;
  opens io.clouddb.internal.json to
      com.fasterxml.jackson.databind;
  opens io.clouddb.internal.operation to
      com.fasterxml.jackson.databind;
  opens io.clouddb.replica to
      com.fasterxml.jackson.databind;
  opens io.clouddb.table to
      com.fasterxml.jackson.databind;
  opens io.clouddb.spi to
      com.fasterxml.jackson.databind;

  uses io.clouddb.spi.CloudDbProvider;
}
