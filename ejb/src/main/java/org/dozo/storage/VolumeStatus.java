// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

/**
 * One volume as operators see it.
 *
 * @param detail why it is in this state; empty if there is nothing to say
 * @param freeBytes bytes that Dozo may still use, the reserve included; 0 if unknown
 */
public record VolumeStatus(String name, VolumeState state, String detail, long freeBytes) {}
