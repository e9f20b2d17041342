/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The disk of an instance. Encrypted at rest by the cloud's own key unless said otherwise. Whether
 * it grows when it fills up is the cloud's to choose unless said otherwise: RDS does not enlarge
 * it, Cloud SQL does. Immutable.
 */
public final class Storage {
  private final StorageType type;
  private final DataSize size;
  private final @Nullable Integer iops;
  private final @Nullable Boolean growth;
  private final @Nullable DataSize growthLimit;
  private final boolean encrypted;
  private final @Nullable String encryptionKey;

  private Storage(
      StorageType type,
      DataSize size,
      @Nullable Integer iops,
      @Nullable Boolean growth,
      @Nullable DataSize growthLimit,
      boolean encrypted,
      @Nullable String encryptionKey) {
    this.type = Objects.requireNonNull(type, "type");
    this.size = Objects.requireNonNull(size, "size");
    this.iops = iops;
    this.growth = growth;
    this.growthLimit = growthLimit;
    this.encrypted = encrypted;
    this.encryptionKey = encryptionKey;
  }

  /**
   * General purpose SSD, encrypted.
   *
   * @param size its size
   * @return the storage
   */
  public static Storage ssd(DataSize size) {
    return new Storage(StorageType.SSD, size, null, null, null, true, null);
  }

  /**
   * SSD whose operations per second are bought, encrypted.
   *
   * @param size its size
   * @param iops operations per second
   * @return the storage
   */
  public static Storage provisionedIops(DataSize size, int iops) {
    return new Storage(StorageType.PROVISIONED_IOPS_SSD, size, iops, null, null, true, null);
  }

  /**
   * Magnetic disk, encrypted.
   *
   * @param size its size
   * @return the storage
   */
  public static Storage hdd(DataSize size) {
    return new Storage(StorageType.HDD, size, null, null, null, true, null);
  }

  /**
   * Enlarged by the cloud when it fills up, as far as the cloud goes.
   *
   * @return a new value
   */
  public Storage growing() {
    return new Storage(type, size, iops, true, null, encrypted, encryptionKey);
  }

  /**
   * Enlarged by the cloud when it fills up, up to a limit.
   *
   * @param limit the size at which growth ends
   * @return a new value
   */
  public Storage growingTo(DataSize limit) {
    return new Storage(type, size, iops, true, limit, encrypted, encryptionKey);
  }

  /**
   * Never enlarged by the cloud.
   *
   * @return a new value
   */
  public Storage fixed() {
    return new Storage(type, size, iops, false, null, encrypted, encryptionKey);
  }

  /**
   * Encrypted by the customer's own key.
   *
   * @param key the key as the vendor names it: an ARN, a Key Vault URL, a Cloud KMS resource name
   * @return a new value
   */
  public Storage encryptedWith(String key) {
    return new Storage(type, size, iops, growth, growthLimit, true, key);
  }

  /**
   * Encrypted by the cloud's own key, which is the default.
   *
   * @return a new value
   */
  public Storage encryptedByProvider() {
    return new Storage(type, size, iops, growth, growthLimit, true, null);
  }

  /**
   * Not encrypted. Refused where the cloud always encrypts.
   *
   * @return a new value
   */
  public Storage unencrypted() {
    return new Storage(type, size, iops, growth, growthLimit, false, null);
  }

  /**
   * The kind of disk.
   *
   * @return the type
   */
  public StorageType type() {
    return type;
  }

  /**
   * The size at the start.
   *
   * @return the size
   */
  public DataSize size() {
    return size;
  }

  /**
   * Operations per second that are bought.
   *
   * @return how many; empty unless the type sells them
   */
  public Optional<Integer> iops() {
    return Optional.ofNullable(iops);
  }

  /**
   * Whether the cloud enlarges it when it fills up.
   *
   * @return true or false as asked for; empty for the service's own default
   */
  public Optional<Boolean> growth() {
    return Optional.ofNullable(growth);
  }

  /**
   * The size at which growth ends.
   *
   * @return the limit; empty for the cloud's own
   */
  public Optional<DataSize> growthLimit() {
    return Optional.ofNullable(growthLimit);
  }

  /**
   * Whether data is encrypted at rest.
   *
   * @return true unless said otherwise
   */
  public boolean encrypted() {
    return encrypted;
  }

  /**
   * The customer's own key, as the vendor names it.
   *
   * @return the key; empty for the cloud's own
   */
  public Optional<String> encryptionKey() {
    return Optional.ofNullable(encryptionKey);
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {type, size, iops, growth, growthLimit, encrypted, encryptionKey};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Storage that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  @Override
  public String toString() {
    return "Storage" + Arrays.toString(parts());
  }
}
