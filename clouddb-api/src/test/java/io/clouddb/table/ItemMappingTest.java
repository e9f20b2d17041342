/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.clouddb.error.InvalidArgumentException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each Java type in an item, and back: exactly, or refused with the property's name. */
class ItemMappingTest {
  enum Color {
    RED,
    GREEN
  }

  record All(
      byte aByte,
      short aShort,
      int anInt,
      long aLong,
      Long boxed,
      BigInteger integer,
      BigDecimal decimal,
      double aDouble,
      float aFloat,
      String text,
      boolean bool,
      Instant time,
      LocalDate day,
      UUID uuid,
      Color color,
      ByteBuffer buffer,
      List<Integer> list,
      Map<String, BigDecimal> map,
      Set<String> texts,
      SortedSet<BigDecimal> numbers,
      Set<Color> colors,
      Set<ByteBuffer> buffers,
      Value value,
      Optional<Value> maybe,
      OffsetDateTime offset) {}

  private static final UUID ID = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");

  private static All all() {
    return new All(
        Byte.MIN_VALUE,
        Short.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        new BigInteger("12345678901234567890123456789012345678"),
        new BigDecimal("-0.00000000000000000000000000000000000001"),
        0.1,
        0.1f,
        "äöü \uD83D\uDE00 \0",
        true,
        Instant.parse("2024-05-01T10:15:30.5Z"),
        LocalDate.of(2024, 2, 29),
        ID,
        Color.GREEN,
        ByteBuffer.wrap(new byte[] {1, 2}),
        Arrays.asList(1, null, 3),
        Map.of("a b", new BigDecimal("1.5")),
        Set.of("x", "y"),
        new TreeSet<>(List.of(BigDecimal.ONE, new BigDecimal("2.5"))),
        Set.of(Color.RED),
        Set.of(ByteBuffer.wrap(new byte[] {3})),
        Value.list(Value.ofNull(), Value.textSet(List.of("t")), Value.of(new byte[] {4})),
        Optional.of(Value.map(Map.of("", Value.of(new BigDecimal("1E-100"))))),
        OffsetDateTime.parse("2024-05-01T10:15:30+02:00"));
  }

  private static final ItemType<All> TYPE = ItemType.of(All.class);

  @Test
  void hasAFormForEach() {
    Item item = TYPE.toItem(all());

    assertThat(item.number("aByte")).isEqualByComparingTo("-128");
    assertThat(item.longValue("aLong")).isEqualTo(Long.MAX_VALUE);
    assertThat(item.number("integer"))
        .isEqualByComparingTo("12345678901234567890123456789012345678");
    assertThat(item.get("aDouble")).contains(Value.of(new BigDecimal("0.1")));
    assertThat(item.get("aFloat")).contains(Value.of(new BigDecimal("0.1")));
    assertThat(item.text("time")).isEqualTo("2024-05-01T10:15:30.500000000Z");
    assertThat(item.text("day")).isEqualTo("2024-02-29");
    assertThat(item.text("uuid")).isEqualTo(ID.toString());
    assertThat(item.text("color")).isEqualTo("GREEN");
    assertThat(item.bytes("buffer")).containsExactly(1, 2);
    assertThat(item.get("list")).contains(Value.list(Value.of(1), Value.ofNull(), Value.of(3)));
    assertThat(item.get("texts")).contains(Value.textSet(List.of("y", "x")));
    assertThat(item.get("numbers"))
        .contains(Value.numberSet(List.of(BigDecimal.ONE, new BigDecimal("2.5"))));
    assertThat(item.get("colors")).contains(Value.textSet(List.of("RED")));
    assertThat(item.get("buffers")).contains(Value.binarySet(List.of(new byte[] {3})));
    assertThat(item.get("value")).contains(all().value());
    assertThat(item.get("maybe")).isEqualTo(all().maybe());
    assertThat(item.text("offset")).isEqualTo("2024-05-01T10:15:30+02:00");
    assertThat(TYPE.fromItem(item)).isEqualTo(all());
  }

  record Numbers(
      @Nullable Byte b,
      @Nullable Short s,
      @Nullable Integer i,
      @Nullable Long l,
      @Nullable BigInteger n,
      @Nullable BigDecimal d,
      @Nullable Double dd,
      @Nullable Float f) {}

  private static Numbers read(String property, String number) {
    return ItemType.of(Numbers.class)
        .fromItem(Item.builder().set(property, new BigDecimal(number)).build());
  }

  @Test
  void refusesANumberThatDoesNotFit() {
    Map<String, List<String>> unfit =
        Map.of(
            "b", List.of("128", "1.5"),
            "s", List.of("32768", "1.5"),
            "i", List.of("2147483648", "0.1"),
            "l", List.of("9223372036854775808", "1E+30", "1E-30"),
            "n", List.of("0.5"),
            "dd", List.of("0.12345678901234567890123456789", "9007199254740993"),
            "f", List.of("16777217", "0.123456789", "1E+50", "1E-100"));
    unfit.forEach(
        (property, numbers) ->
            numbers.forEach(
                number ->
                    assertThatThrownBy(() -> read(property, number))
                        .as(property + " " + number)
                        .isInstanceOf(InvalidArgumentException.class)
                        .hasMessageContaining(
                            "Numbers cannot be read of an item: property '"
                                + property
                                + "' is a number that does not fit ")
                        .hasMessageNotContaining(number)));
    assertThat(read("b", "127").b()).isEqualTo(Byte.MAX_VALUE);
    assertThat(read("i", "1E+2").i()).isEqualTo(100);
    assertThat(read("d", "100").d()).isEqualTo(new BigDecimal("100"));
    assertThat(read("d", "1E+125").d()).isEqualByComparingTo("1E+125");
    assertThat(read("n", "1E+125").n()).isEqualTo(BigInteger.TEN.pow(125));
    assertThat(read("dd", "1E+23").dd()).isEqualTo(Double.parseDouble("1E23"));
    assertThat(read("dd", "5").dd()).isEqualTo(5.0);
    assertThat(read("f", "0.1").f()).isEqualTo(0.1f);
  }

  @SuppressWarnings("ArrayRecordComponent") // Arrays are what is written.
  record Doubles(double d, float f, double[] ds, float[] fs) {
    static Doubles of(double d, float f) {
      return new Doubles(d, f, new double[0], new float[0]);
    }
  }

  @Test
  void writesADoubleAsItPrints() {
    ItemType<Doubles> type = ItemType.of(Doubles.class);

    for (double d : new double[] {0.1, 1.0 / 3, 1E100, 1E-120, 123456789.125, -7}) {
      Doubles read = type.fromItem(type.toItem(Doubles.of(d, (float) 0.3)));
      assertThat(read.d()).isEqualTo(d);
      assertThat(read.f()).isEqualTo(0.3f);
    }
    Doubles arrays = new Doubles(1, 1, new double[] {0.1, 3}, new float[] {0.7f});
    Doubles read = type.fromItem(type.toItem(arrays));
    assertThat(read.ds()).containsExactly(0.1, 3);
    assertThat(read.fs()).containsExactly(0.7f);
    for (double d : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> type.toItem(Doubles.of(d, 1)))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessage("Doubles cannot be written as an item: property 'd' is no finite number");
    }
    assertThatThrownBy(() -> type.toItem(Doubles.of(1, Float.POSITIVE_INFINITY)))
        .hasMessageContaining("property 'f' is no finite number");
    assertThatThrownBy(
            () -> type.toItem(new Doubles(1, 1, new double[] {Double.NaN}, new float[0])))
        .hasMessageContaining("property 'ds' is no finite number");
    assertThatThrownBy(() -> type.toItem(Doubles.of(-0.0, 1)))
        .hasMessageContaining("property 'd' is the negative zero");
    assertThatThrownBy(() -> type.toItem(Doubles.of(1E200, 1)))
        .hasMessageContaining("property 'd'")
        .hasMessageContaining("1E-130 to 1E125");
  }

  @SuppressWarnings("ArrayRecordComponent") // Arrays are what is written.
  record Texts(
      @Nullable UUID uuid,
      @Nullable LocalDate day,
      @Nullable Instant time,
      @Nullable Color color,
      @Nullable String text,
      @Nullable Boolean bool,
      byte @Nullable [] bytes) {}

  private static void unreadable(String property, Value value, String why) {
    assertThatThrownBy(
            () -> ItemType.of(Texts.class).fromItem(Item.builder().set(property, value).build()))
        .as(property + " of " + value)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageStartingWith(
            "Texts cannot be read of an item: property '" + property + "' " + why);
  }

  @Test
  void convertsNothing() {
    unreadable("text", Value.of(7), "is a Num and no Text");
    unreadable("text", Value.of(true), "is a Bool and no Text");
    unreadable("text", Value.of(new byte[] {1}), "is a Binary and no Text");
    unreadable("text", Value.map(Map.of()), "is a Document and no Text");
    unreadable("text", Value.list(Value.of("a")), "is a Array and no Text");
    unreadable("text", Value.textSet(List.of("a")), "is a TextSet and no Text");
    unreadable("bytes", Value.of("AQID"), "is a Text and no Binary");
    unreadable("bool", Value.of("true"), "is a Text and no Bool");
    unreadable("bool", Value.of(1), "is a Num and no Bool");
    unreadable("uuid", Value.of("1-1-1-1-1"), "is a text that is no UUID");
    unreadable("uuid", Value.of(new byte[16]), "is a Binary and no Text");
    unreadable("day", Value.of("2024-02-30"), "is a text that is no LocalDate");
    unreadable("day", Value.list(Value.of(2024), Value.of(2), Value.of(1)), "is a Array");
    unreadable("time", Value.of(1_700_000_000), "is a Num and no Text");
    unreadable("time", Value.of("yesterday"), "is a text that is no Instant");
    unreadable("color", Value.of("red"), "is a value that the property's type is not read of");
    unreadable("color", Value.of(" RED "), "is a value that the property's type is not read of");
    unreadable("color", Value.of(""), "is a value that the property's type is not read of");
    unreadable("color", Value.of(0), "is a value that the property's type is not read of");
    unreadable("color", Value.of(new byte[] {1}), "is a value that");
    assertThat(
            ItemType.of(Texts.class)
                .fromItem(Item.builder().set("time", "2024-05-01T10:15:30Z").build())
                .time())
        .isEqualTo(Instant.parse("2024-05-01T10:15:30Z"));
    assertThat(ItemType.of(Texts.class).fromItem(Item.builder().build()))
        .isEqualTo(new Texts(null, null, null, null, null, null, null));
  }

  /** What older programs have written, and this one does not write. */
  public static final class Renamed {
    private String name = "";

    @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
    public void setTitle(String title) {
      name = title;
    }

    public void setName(String name) {
      this.name = name;
    }

    public String getName() {
      return name;
    }
  }

  @Test
  void aPropertyThatIsNeverWrittenIsRead() {
    ItemType<Renamed> type = ItemType.of(Renamed.class);
    assertThat(type.fromItem(Item.builder().set("title", "old").build()).getName())
        .isEqualTo("old");
    Renamed renamed = new Renamed();
    renamed.setName("new");
    assertThat(type.toItem(renamed)).isEqualTo(Item.builder().set("name", "new").build());
  }

  @Test
  void refusesWhatNoItemHolds() {
    ItemType<Texts> type = ItemType.of(Texts.class);

    assertThatThrownBy(
            () -> type.toItem(new Texts(null, null, null, null, "half \uD83D", null, null)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'text' A text of an item has half a character");
    assertThatThrownBy(
            () -> type.toItem(new Texts(null, null, Instant.MAX, null, null, null, null)))
        .hasMessageContaining("property 'time' is of a year");
    assertThatThrownBy(
            () -> type.toItem(new Texts(null, LocalDate.MIN, null, null, null, null, null)))
        .hasMessageContaining("property 'day' is of a year");
    ItemType<Numbers> numbers = ItemType.of(Numbers.class);
    BigDecimal long39 = new BigDecimal("1.00000000000000000000000000000000000001");
    assertThatThrownBy(
            () -> numbers.toItem(new Numbers(null, null, null, null, null, long39, null, null)))
        .hasMessageContaining("property 'd'")
        .hasMessageContaining("39 significant digits")
        .hasMessageNotContaining("1.000");
  }

  record Nulls(
      @Nullable String text,
      Optional<String> optional,
      @Nullable Value value,
      Optional<Value> maybe,
      Map<String, @Nullable String> map,
      Set<String> set) {}

  @Test
  void nullAbsentAndUnsetAreThreeThings() {
    ItemType<Nulls> type = ItemType.of(Nulls.class);
    Nulls nothing = new Nulls(null, Optional.empty(), null, Optional.empty(), Map.of(), Set.of());
    Map<String, @Nullable String> map = new HashMap<>();
    map.put("a", null);
    Nulls nulls =
        new Nulls(
            null, Optional.empty(), Value.ofNull(), Optional.of(Value.ofNull()), map, Set.of());

    assertThat(type.toItem(nothing).attributes()).containsOnlyKeys("map");
    assertThat(type.fromItem(type.toItem(nothing))).isEqualTo(nothing);
    assertThat(type.toItem(nulls).attributes())
        .containsEntry("value", Value.ofNull())
        .containsEntry("maybe", Value.ofNull())
        .containsEntry("map", Value.map(Map.of("a", Value.ofNull())))
        .containsOnlyKeys("value", "maybe", "map");
    assertThat(type.fromItem(type.toItem(nulls))).isEqualTo(nulls);
  }

  @Test
  void writesNullsWhereAsked() {
    ItemType<Nulls> type = ItemType.of(Nulls.class).nulls();
    Nulls nothing = new Nulls(null, Optional.empty(), null, Optional.empty(), Map.of(), Set.of());
    Item item = type.toItem(nothing);

    assertThat(item.get("text")).contains(Value.ofNull());
    assertThat(item.has("optional")).isFalse();
    assertThat(item.has("set")).isFalse();
    assertThat(type.fromItem(item).text()).isNull();
    assertThat(type.fromItem(item.toBuilder().remove("text").build()).text()).isNull();
    assertThat(type.fromItem(item.toBuilder().set("optional", Value.ofNull()).build()).optional())
        .isEmpty();
  }

  record Strict(String text, Set<String> set, List<String> list) {}

  @Test
  @SuppressWarnings("NullAway") // What callers without that check can do.
  void aRecordHasWhatItDoesNotSayCanBeNull() {
    ItemType<Strict> type = ItemType.of(Strict.class);

    assertThatThrownBy(() -> type.toItem(new Strict(null, Set.of(), List.of())))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'text' is null, and the record does not say that it can");
    assertThatThrownBy(() -> type.toItem(new Strict("a", null, List.of())))
        .hasMessageContaining("property 'set' is null");
    assertThatThrownBy(() -> type.fromItem(Item.builder().set("text", "a").build()))
        .hasMessageContaining("property 'list' is not there");
    assertThat(
            type.fromItem(Item.builder().set("text", "a").set("list", Value.list()).build()).set())
        .isEmpty();
    assertThatThrownBy(
            () ->
                type.fromItem(
                    Item.builder().set("text", Value.ofNull()).set("list", Value.list()).build()))
        .hasMessageContaining("property 'text' holds null");
    assertThatThrownBy(
            () ->
                ItemType.of(Strict.class)
                    .nulls()
                    .fromItem(Item.builder().set("text", "a").set("list", Value.ofNull()).build()))
        .hasMessageContaining("property 'list' holds null");
  }

  record Sets(Set<Boolean> booleans) {}

  record DecimalSets(Set<BigDecimal> set, List<Set<String>> deep) {}

  @Test
  void refusesSetsThatNoTableHas() {
    ItemType<DecimalSets> type = ItemType.of(DecimalSets.class);

    assertThatThrownBy(() -> ItemType.of(Sets.class).toItem(new Sets(Set.of(true))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'booleans' is a set of")
        .hasMessageContaining("make it a List");
    assertThatThrownBy(
            () ->
                type.toItem(
                    new DecimalSets(Set.of(BigDecimal.ONE, new BigDecimal("1.0")), List.of())))
        .hasMessageContaining("property 'set' has two elements in a set that are the same");
    assertThatThrownBy(() -> type.toItem(new DecimalSets(Set.of(), List.of(Set.of()))))
        .hasMessageContaining("property 'deep[0]' has an empty set");
    assertThatThrownBy(() -> type.toItem(new DecimalSets(Collections.singleton(null), List.of())))
        .hasMessageContaining("property 'set' has null in a set");
    assertThatThrownBy(
            () ->
                type.fromItem(
                    Item.builder()
                        .set("set", Value.textSet(List.of("a")))
                        .set("deep", Value.list())
                        .build()))
        .hasMessageContaining("property 'set' is no set of such elements");
    assertThatThrownBy(
            () ->
                type.fromItem(
                    Item.builder()
                        .set("set", Value.list(Value.of(1)))
                        .set("deep", Value.list())
                        .build()))
        .hasMessageContaining("property 'set' is no set of such elements");
  }

  record AnySet(
      SortedSet<String> sorted,
      TreeSet<BigDecimal> tree,
      HashSet<String> hash,
      EnumSet<Color> colors,
      Set<String> plain) {}

  @Test
  void leavesAnEmptySetOfAnyKindOut() {
    ItemType<AnySet> type = ItemType.of(AnySet.class);
    AnySet empty =
        new AnySet(
            new TreeSet<>(),
            new TreeSet<>(),
            new HashSet<>(),
            EnumSet.noneOf(Color.class),
            Set.of());
    AnySet full =
        new AnySet(
            new TreeSet<>(Set.of("a")),
            new TreeSet<>(Set.of(BigDecimal.ONE)),
            new HashSet<>(Set.of("b")),
            EnumSet.of(Color.RED),
            Set.of("c"));

    assertThat(type.toItem(empty).attributes()).isEmpty();
    assertThat(ItemType.of(AnySet.class).nulls().toItem(empty).attributes()).isEmpty();
    for (AnySet sets : List.of(empty, full)) {
      assertThat(type.fromItem(type.toItem(sets))).isEqualTo(sets);
    }
  }

  static class Animal {
    public String getName() {
      return "any";
    }
  }

  static final class Dog extends Animal {
    public String getBark() {
      return "wow";
    }
  }

  @Test
  void losesNothingOfASubclass() {
    ItemType<Animal> type = ItemType.of(Animal.class);

    assertThat(type.toItem(new Animal()).attributes()).containsOnlyKeys("name");
    assertThatThrownBy(() -> type.toItem(new Dog()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Animal cannot be written as an item: it is of a subclass");
  }

  record Zoned(ZonedDateTime time) {}

  record Calendars(Calendar time) {}

  record Dates(Date time) {}

  @Test
  void keepsAZoneOrRefusesIt() {
    ItemType<Zoned> type = ItemType.of(Zoned.class);
    for (String zone : List.of("Europe/Berlin", "UTC", "Z", "+02:00")) {
      for (String time : List.of("2024-05-01T10:15:30.123456789", "2024-10-27T02:30:00")) {
        ZonedDateTime first = LocalDateTime.parse(time).atZone(ZoneId.of(zone));
        for (ZonedDateTime each : List.of(first, first.withLaterOffsetAtOverlap())) {
          assertThat(type.fromItem(type.toItem(new Zoned(each))).time()).isEqualTo(each);
          assertThat(type.fromItem(type.toItem(new Zoned(each))).time().getZone())
              .isEqualTo(each.getZone());
        }
      }
    }
    assertThatThrownBy(() -> ItemType.of(Calendars.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'time' is of java.util.Calendar");
    assertThatThrownBy(
            () -> ItemType.of(Dates.class).toItem(new Dates(Timestamp.from(Instant.EPOCH))))
        .hasMessageContaining("property 'time' is a Calendar or a Timestamp");
    assertThat(ItemType.of(Dates.class).toItem(new Dates(Date.from(Instant.EPOCH))).has("time"))
        .isTrue();
  }

  record Others(
      char sign,
      URI uri,
      Currency currency,
      Date date,
      Duration duration,
      Period period,
      LocalTime time,
      LocalDateTime local,
      OffsetTime offsetTime,
      OffsetDateTime offset,
      Year year,
      YearMonth month,
      MonthDay birthday,
      ZoneId zone,
      ZoneOffset zoneOffset,
      Map<Color, Integer> byColor,
      Map<Long, Integer> byNumber,
      Map<UUID, Integer> byId,
      Map<Instant, Integer> byTime,
      Map<LocalDate, Integer> byDay,
      Deque<Integer> deque,
      Optional<List<Integer>> maybe) {}

  @Test
  void keepsWhatJacksonHas() {
    UUID id = UUID.fromString("00000000-0000-0001-0000-000000000002");
    LocalDateTime local = LocalDateTime.parse("2024-05-01T10:15:30.123456789");
    Others others =
        new Others(
            '\u20ac',
            URI.create("https://example.com/%41?a=b#c"),
            Currency.getInstance("KRW"),
            Date.from(Instant.ofEpochMilli(-1)),
            Duration.ofSeconds(-3, 1),
            Period.of(1, -20, 300),
            local.toLocalTime(),
            local,
            local.toLocalTime().atOffset(ZoneOffset.ofHoursMinutes(5, 45)),
            local.atOffset(ZoneOffset.ofHours(-18)),
            Year.of(-44),
            YearMonth.of(2024, 2),
            MonthDay.of(2, 29),
            ZoneId.of("Asia/Seoul"),
            ZoneOffset.ofTotalSeconds(-1),
            Map.of(Color.GREEN, 1),
            Map.of(Long.MIN_VALUE, 1),
            Map.of(id, 1),
            Map.of(Instant.ofEpochSecond(-1, 1), 1),
            Map.of(LocalDate.EPOCH, 1),
            new ArrayDeque<>(List.of(1, 2)),
            Optional.of(List.of(3)));
    ItemType<Others> type = ItemType.of(Others.class);
    assertThat(type.fromItem(type.toItem(others))).usingRecursiveComparison().isEqualTo(others);
  }

  interface Shape {}

  record Inner(Locale locale) {}

  record Inexact(
      Object any,
      Collection<String> texts,
      List<Pattern> patterns,
      Map<Double, String> byDouble,
      Map<String, Object> anything,
      Optional<Number> number,
      OptionalInt optional,
      AtomicLong atomic,
      Shape shape,
      Inner inner,
      Set<Boolean> flags,
      Value.Num value,
      java.sql.Date day) {}

  @Test
  void refusesATypeOfAPropertyThatIsNotKeptExactly() {
    assertThatThrownBy(() -> ItemType.of(Inexact.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "property 'any' is of java.lang.Object",
            "property 'texts' is of java.util.Collection",
            "property 'patterns[]' is of java.util.regex.Pattern",
            "property 'byDouble{}' is of java.lang.Double, as a key",
            "property 'anything{}' is of java.lang.Object",
            "property 'number' is of java.lang.Number",
            "property 'optional' is of java.util.OptionalInt",
            "property 'atomic' is of java.util.concurrent.atomic.AtomicLong",
            "property 'shape' is of " + Shape.class.getName() + ", of which nothing says which",
            "property 'inner.locale' is of java.util.Locale",
            "property 'flags' is a set of",
            "property 'value' is of io.clouddb.table.Value$Num",
            "property 'day' is of java.sql.Date");
  }

  /** Reads it again. */
  static final class ToLocale extends StdConverter<String, Object> {
    @Override
    public Object convert(String text) {
      return Locale.forLanguageTag(text.replace('_', '-'));
    }
  }

  record OwnMatter(
      @JsonSerialize(using = ToStringSerializer.class) @JsonDeserialize(converter = ToLocale.class)
          Object any,
      @JsonSerialize(contentUsing = ToStringSerializer.class)
          @JsonDeserialize(contentConverter = ToLocale.class)
          List<Object> all,
      Made made) {}

  /** Written by a serializer, and read by its constructor. */
  @JsonSerialize(using = ToStringSerializer.class)
  static final class Made {
    private final Locale locale;

    @JsonCreator
    Made(String text) {
      this.locale = Locale.forLanguageTag(text);
    }

    public Locale getLocale() {
      return locale;
    }

    @Override
    public String toString() {
      return locale.toLanguageTag();
    }
  }

  @Test
  void leavesAnOwnSerializerAndDeserializerTheirMatter() {
    ItemType<OwnMatter> type = ItemType.of(OwnMatter.class);
    OwnMatter locales = new OwnMatter(Locale.KOREA, List.of(Locale.FRANCE), new Made("de-AT"));
    assertThat(type.toItem(locales).text("any")).isEqualTo("ko_KR");
    OwnMatter read = type.fromItem(type.toItem(locales));
    assertThat(read.any()).isEqualTo(locales.any());
    assertThat(read.all()).isEqualTo(locales.all());
    assertThat(read.made().getLocale()).isEqualTo(locales.made().getLocale());
  }

  record OneWay(
      @JsonSerialize(using = ToStringSerializer.class) Object written,
      @JsonDeserialize(converter = ToLocale.class) Object read,
      @JsonSerialize(contentUsing = ToStringSerializer.class) List<Object> all,
      WrittenAlone alone) {}

  @JsonSerialize(using = ToStringSerializer.class)
  record WrittenAlone(Locale locale) {}

  @Test
  void refusesASerializerWithoutADeserializer() {
    assertThatThrownBy(() -> ItemType.of(OneWay.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll(
            "property 'written' is of java.lang.Object",
            "property 'read' is of java.lang.Object",
            "property 'all[]' is of java.lang.Object",
            "property 'alone.locale' is of java.util.Locale");
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Spot.class)})
  interface Figure {}

  record Circle(int radius, Object any) implements Figure {}

  record Spot(int x, Figure next) implements Figure {}

  interface Plain {}

  record Named(Locale locale) implements Plain {}

  record Drawing(
      List<Figure> figures,
      @JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonSubTypes(@JsonSubTypes.Type(Named.class))
          Plain plain) {}

  @Test
  void looksIntoTheSubtypesThatAClassTells() {
    for (Class<?> type : List.of(Drawing.class, Figure.class, Spot.class)) {
      assertThatThrownBy(() -> ItemType.of(type))
          .as(type.toString())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("any' is of java.lang.Object");
    }
    assertThatThrownBy(() -> ItemType.of(Drawing.class))
        .hasMessageContaining("property 'plain.locale' is of java.util.Locale");
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  interface Untold {}

  record Sketch(Untold figure) {}

  @Test
  void refusesNamesOfSubtypesOfWhichNoneIsTold() {
    assertThatThrownBy(() -> ItemType.of(Untold.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("@JsonSubTypes");
    assertThatThrownBy(() -> ItemType.of(Sketch.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'figure' is of")
        .hasMessageContaining("@JsonSubTypes");
  }

  record Keys(
      @JsonSerialize(contentUsing = ToStringSerializer.class)
          @JsonDeserialize(contentUsing = StringDeserializer.class)
          Map<Object, String> names) {}

  @Test
  void looksAtTheKeysOfAMapWhoseContentIsItsOwnMatter() {
    assertThatThrownBy(() -> ItemType.of(Keys.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("java.lang.Object, as a key");
  }

  record NoSet(@Nullable Set<String> set) {}

  @Test
  void tellsNoSetFromAnEmptyOne() {
    ItemType<NoSet> nulls = ItemType.of(NoSet.class).nulls();
    for (NoSet each : List.of(new NoSet(null), new NoSet(Set.of()), new NoSet(Set.of("a")))) {
      assertThat(nulls.fromItem(nulls.toItem(each))).isEqualTo(each);
    }
    assertThatThrownBy(() -> ItemType.of(NoSet.class).toItem(new NoSet(null)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'set' is null, and would be read as an empty set");
  }

  record Street(String street) {}

  record Unwrapped(String id, @JsonUnwrapped Street street) {}

  @Test
  void refusesAComponentThatIsUnwrapped() {
    assertThatThrownBy(
            () -> ItemType.of(Unwrapped.class).toItem(new Unwrapped("1", new Street("s"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'street' is unwrapped");
  }

  static final class Bean {
    private String name = "unset";
    private long count;
    private Set<String> tags = Set.of();
    private byte[] picture = new byte[0];

    public String getName() {
      return name;
    }

    public void setName(String name) {
      this.name = name;
    }

    public long getCount() {
      return count;
    }

    public void setCount(long count) {
      this.count = count;
    }

    public Set<String> getTags() {
      return tags;
    }

    public void setTags(Set<String> tags) {
      this.tags = tags;
    }

    public byte[] getPicture() {
      return picture;
    }

    public void setPicture(byte[] picture) {
      this.picture = picture;
    }
  }

  @Test
  void mapsAClassWithSetters() {
    ItemType<Bean> type = ItemType.of(Bean.class).key("pk", "BEAN#{name}");
    Bean bean = new Bean();
    bean.setName("b");
    bean.setCount(Long.MIN_VALUE);
    bean.setTags(Set.of("t"));
    bean.setPicture(new byte[] {9});
    Bean read = type.fromItem(type.toItem(bean));

    assertThat(read.getName()).isEqualTo("b");
    assertThat(read.getCount()).isEqualTo(Long.MIN_VALUE);
    assertThat(read.getTags()).containsExactly("t");
    assertThat(read.getPicture()).containsExactly(9);
    bean.setTags(Set.of());
    assertThat(type.toItem(bean).has("tags")).isFalse();
    assertThat(type.fromItem(type.toItem(bean)).getTags()).isEmpty();
  }

  record Quantity(@JsonValue int count) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Quantity {}
  }

  record Size(@JsonValue long bytes) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Size {}
  }

  record Stock(Quantity quantity, Size size) {}

  @Test
  void readsWhatIsWrittenAsANumberByACreator() {
    ItemType<Stock> type = ItemType.of(Stock.class);
    for (Stock each :
        List.of(
            new Stock(new Quantity(0), new Size(0)),
            new Stock(new Quantity(Integer.MIN_VALUE), new Size(Long.MIN_VALUE)),
            new Stock(new Quantity(Integer.MAX_VALUE), new Size(Integer.MAX_VALUE + 1L)))) {
      assertThat(type.fromItem(type.toItem(each))).isEqualTo(each);
    }
  }

  record Picky(String name, Map<String, Integer> byMail) {
    Picky {
      if (name.startsWith("bad")) {
        throw new IllegalArgumentException("no " + name);
      }
    }
  }

  @Test
  void errorsRepeatNoData() {
    ItemType<Picky> type = ItemType.of(Picky.class);

    assertThatThrownBy(
            () ->
                type.fromItem(
                    Item.builder()
                        .set("name", "bad s3cret")
                        .set("byMail", Value.map(Map.of()))
                        .build()))
        .hasMessageContaining("is refused by its constructor (java.lang.IllegalArgumentException)")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
    assertThatThrownBy(
            () ->
                type.fromItem(
                    Item.builder()
                        .set("name", "a")
                        .set("byMail", Value.map(Map.of("ann@example.org", Value.of("x"))))
                        .build()))
        .hasMessageContaining("property 'byMail{}' is a Text and no Num")
        .hasMessageNotContaining("ann@");
    assertThatCode(() -> type.toItem(new Picky("a", Map.of("b", 1)))).doesNotThrowAnyException();
  }
}
