/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonPOJOBuilder;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.StorageType;
import io.clouddb.security.SecretRef;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the API's own types look in JSON, but for those whose constructor says it by {@link Part}.
 * The types themselves know nothing of Jackson.
 */
final class ValueModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  ValueModule() {
    text(SecretRef.class, SecretRef::toText, SecretRef::parse);
    text(ResourceId.class, ResourceId::toString, ResourceId::parse);
    text(Engine.class, Engine::id, Engine::new);
    time(LocalTime.class, LocalTime::parse);
    time(Instant.class, Instant::parse);
    time(Duration.class, Duration::parse);
    addSerializer(DataSize.class, new DataSizeWriter());
    addDeserializer(DataSize.class, new DataSizeReader());
    setMixInAnnotation(AdminLogin.class, AdminLoginMixin.class);
    setMixInAnnotation(Storage.class, StorageMixin.class);
    setMixInAnnotation(Network.class, NetworkMixin.class);
    setMixInAnnotation(InstanceSize.class, InstanceSizeMixin.class);
    setMixInAnnotation(MaintenanceWindow.class, MaintenanceWindowMixin.class);
    setMixInAnnotation(Insights.class, InsightsMixin.class);
    setMixInAnnotation(InstanceSpec.class, SpecMixin.class);
    setMixInAnnotation(InstanceSpec.Builder.class, SpecBuilderMixin.class);
    setMixInAnnotation(InstanceChange.class, ChangeMixin.class);
    setMixInAnnotation(InstanceChange.Builder.class, ChangeBuilderMixin.class);
  }

  private <T> void text(Class<T> type, Function<T, String> write, Function<String, T> read) {
    addSerializer(type, new TextWriter<>(type, write));
    addDeserializer(type, new TextReader<>(type, read));
  }

  /** As text only: Jackson's own readers take numbers and lists for times too. */
  private <T> void time(Class<T> type, Function<String, T> read) {
    addDeserializer(type, new TextReader<>(type, read));
  }

  @JsonDeserialize(builder = InstanceSpec.Builder.class)
  private abstract static class SpecMixin {}

  @JsonPOJOBuilder(withPrefix = "")
  @SuppressWarnings("UnusedVariable") // Jackson reads the parameters' annotations.
  private abstract static class SpecBuilderMixin {
    @JsonCreator
    SpecBuilderMixin(
        @JsonProperty(value = "name", required = true) String name,
        @JsonProperty(value = "engine", required = true) Engine engine,
        @JsonProperty(value = "engineVersion", required = true) String engineVersion) {}
  }

  @JsonDeserialize(builder = InstanceChange.Builder.class)
  private abstract static class ChangeMixin {}

  @JsonPOJOBuilder(withPrefix = "")
  private abstract static class ChangeBuilderMixin {}

  @SuppressWarnings("UnusedVariable") // Jackson reads the parameters' annotations.
  private abstract static class AdminLoginMixin {
    @JsonCreator
    AdminLoginMixin(
        @JsonProperty("user") String user,
        @JsonProperty("password") @Nullable SecretRef password,
        @JsonProperty("managed") boolean managed) {}
  }

  @SuppressWarnings("UnusedVariable") // Jackson reads the parameters' annotations.
  private abstract static class StorageMixin {
    @JsonCreator
    StorageMixin(
        @JsonProperty("type") StorageType type,
        @JsonProperty("size") DataSize size,
        @JsonProperty("iops") @Nullable Integer iops,
        @JsonProperty("growth") @Nullable Boolean growth,
        @JsonProperty("growthLimit") @Nullable DataSize growthLimit,
        @JsonProperty("encrypted") boolean encrypted,
        @JsonProperty("encryptionKey") @Nullable String encryptionKey) {}
  }

  @SuppressWarnings("UnusedVariable") // Jackson reads the parameters' annotations.
  private abstract static class NetworkMixin {
    @JsonCreator
    NetworkMixin(
        @JsonProperty("privateNetwork") @Nullable String privateNetwork,
        @JsonProperty("securityGroups") List<String> securityGroups,
        @JsonProperty("dnsZone") @Nullable String dnsZone,
        @JsonProperty("allowedCidrs") List<String> allowedCidrs) {}
  }

  @SuppressWarnings("UnusedVariable") // Jackson reads the parameters' annotations.
  private abstract static class InstanceSizeMixin {
    @JsonCreator
    InstanceSizeMixin(
        @JsonProperty("name") @Nullable String name,
        @JsonProperty("cpus") @Nullable Integer cpus,
        @JsonProperty("memory") @Nullable DataSize memory) {}
  }

  @SuppressWarnings("UnusedVariable") // Jackson reads the parameters' annotations.
  private abstract static class MaintenanceWindowMixin {
    @JsonCreator
    MaintenanceWindowMixin(
        @JsonProperty("day") DayOfWeek day,
        @JsonProperty("start") LocalTime start,
        @JsonProperty("length") @Nullable Duration length) {}
  }

  @SuppressWarnings("UnusedVariable") // Jackson reads the parameters' annotations.
  private abstract static class InsightsMixin {
    @JsonCreator
    InsightsMixin(
        @JsonProperty("collected") boolean collected,
        @JsonProperty("retentionDays") @Nullable Integer retentionDays) {}
  }

  private static final class TextWriter<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<T, String> write;

    TextWriter(Class<T> type, Function<T, String> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(write.apply(value));
    }
  }

  private static final class TextReader<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, T> read;

    TextReader(Class<T> type, Function<String, T> read) {
      super(type);
      this.read = read;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (!in.hasToken(JsonToken.VALUE_STRING)) {
        return context.reportInputMismatch(this, "a string is needed");
      }
      try {
        return read.apply(in.getText());
      } catch (DateTimeException e) {
        return context.reportInputMismatch(this, "a time is needed");
      }
    }
  }

  private static final class DataSizeWriter extends StdSerializer<DataSize> {
    private static final long serialVersionUID = 1L;

    DataSizeWriter() {
      super(DataSize.class);
    }

    @Override
    public void serialize(DataSize value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeNumber(value.bytes());
    }
  }

  private static final class DataSizeReader extends StdDeserializer<DataSize> {
    private static final long serialVersionUID = 1L;

    DataSizeReader() {
      super(DataSize.class);
    }

    @Override
    public DataSize deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (!in.hasToken(JsonToken.VALUE_NUMBER_INT)) {
        return context.reportInputMismatch(this, "a whole number of bytes is needed");
      }
      return new DataSize(in.getLongValue());
    }
  }
}
