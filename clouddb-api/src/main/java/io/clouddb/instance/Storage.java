/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

import io.clouddb.DataSize;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The disk of an instance. Encrypted at rest by the cloud's own key unless said otherwise.
 *
 * @param type kind of disk
 * @param size its size at the start
 * @param iops operations per second that are bought; null unless the type sells them
 * @param growth whether the cloud enlarges it when it fills up
 * @param growthLimit the size at which growth ends; null for the cloud's own limit
 * @param encrypted whether data is encrypted at rest
 * @param encryptionKey the customer's own key, as the vendor names it; null for the cloud's key
 */
public record Storage(
    StorageType type,
    DataSize size,
    @Nullable Integer iops,
    boolean growth,
    @Nullable DataSize growthLimit,
    boolean encrypted,
    @Nullable String encryptionKey) {
  /** Refuses what is missing. */
  public Storage {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(size, "size");
  }

  /**
   * General purpose SSD, encrypted, of a fixed size.
   *
   * @param size its size
   * @return the storage
   */
  public static Storage ssd(DataSize size) {
    return new Storage(StorageType.SSD, size, null, false, null, true, null);
  }

  /**
   * SSD whose operations per second are bought, encrypted, of a fixed size.
   *
   * @param size its size
   * @param iops operations per second
   * @return the storage
   */
  public static Storage provisionedIops(DataSize size, int iops) {
    return new Storage(StorageType.PROVISIONED_IOPS_SSD, size, iops, false, null, true, null);
  }

  /**
   * Magnetic disk, encrypted, of a fixed size.
   *
   * @param size its size
   * @return the storage
   */
  public static Storage hdd(DataSize size) {
    return new Storage(StorageType.HDD, size, null, false, null, true, null);
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
   * The customer's own key.
   *
   * @return the key, empty for the cloud's
   */
  public Optional<String> key() {
    return Optional.ofNullable(encryptionKey);
  }
}
