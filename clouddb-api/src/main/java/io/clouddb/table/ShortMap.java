/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.io.Serializable;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A few values by name, in the order in which the names came. Two arrays are a third of what a
 * {@code LinkedHashMap} takes, and a page of a query has hundreds of such maps.
 */
final class ShortMap extends AbstractMap<String, Value> implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ROOM = 8;

  /** To look through more takes longer than a table of hashes. */
  private static final int MOST = 16;

  private @Nullable String[] names;
  private @Nullable Value[] values;
  private int size;

  ShortMap() {
    names = new String[ROOM];
    values = new Value[ROOM];
  }

  /** One for so many names, or another map where those are too many. */
  static Map<String, Value> forSome(int count) {
    return count <= MOST ? new ShortMap() : new LinkedHashMap<>();
  }

  /** A copy of one that is not full. */
  ShortMap(ShortMap other) {
    names = other.names.clone();
    values = other.values.clone();
    size = other.size;
  }

  /** Whether another name would make it too long. */
  boolean isFull() {
    return size == MOST;
  }

  private int indexOf(@Nullable Object name) {
    for (int i = 0; i < size; i++) {
      if (name(i).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public @Nullable Value get(@Nullable Object name) {
    int i = indexOf(name);
    return i < 0 ? null : values[i];
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return indexOf(name) >= 0;
  }

  /**
   * Sets a value; while it is not {@link #isFull() full}, or of a name that is there.
   *
   * @return the value that was there
   */
  @Override
  public @Nullable Value put(String name, Value value) {
    int i = indexOf(name);
    if (i >= 0) {
      Value before = values[i];
      values[i] = value;
      return before;
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, MOST);
      values = Arrays.copyOf(values, MOST);
    }
    names[size] = name;
    values[size] = value;
    size++;
    return null;
  }

  @Override
  public @Nullable Value remove(@Nullable Object name) {
    int i = indexOf(name);
    if (i < 0) {
      return null;
    }
    Value before = values[i];
    size--;
    System.arraycopy(names, i + 1, names, i, size - i);
    System.arraycopy(values, i + 1, values, i, size - i);
    names[size] = null;
    values[size] = null;
    return before;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super Value> each) {
    for (int i = 0; i < size; i++) {
      each.accept(name(i), value(i));
    }
  }

  private String name(int i) {
    return Objects.requireNonNull(names[i]);
  }

  private Value value(int i) {
    return Objects.requireNonNull(values[i]);
  }

  /** The entries, which do not write through. */
  @Override
  public Set<Map.Entry<String, Value>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public Iterator<Map.Entry<String, Value>> iterator() {
        return new Iterator<>() {
          private int next;

          @Override
          public boolean hasNext() {
            return next < size;
          }

          @Override
          public Map.Entry<String, Value> next() {
            if (next >= size) {
              throw new NoSuchElementException();
            }
            return Map.entry(name(next), value(next++));
          }
        };
      }
    };
  }
}
