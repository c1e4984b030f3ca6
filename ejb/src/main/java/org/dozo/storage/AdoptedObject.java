// SPDX-License-Identifier: Apache-2.0
package org.dozo.storage;

/**
 * A file of an adopted volume as it was read.
 *
 * @param name random, as of an object that is written
 * @param content what the caller has read from the data set
 * @param <T> of the content
 */
public record AdoptedObject<T>(String name, T content, StoredCopy copy, Fixity fixity) {}
