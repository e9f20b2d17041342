/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.instance;

/** Kinds of disks. */
public enum StorageType {
  /** General purpose SSD. */
  SSD,
  /** SSD whose operations per second are bought. */
  PROVISIONED_IOPS_SSD,
  /** Magnetic disk. */
  HDD
}
