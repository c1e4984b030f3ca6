// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom;

/** A composite instance by class and instance UID, PS3.3 §10.8 (SOP Instance Reference Macro). Compares by value. */
public record SopReference(String sopClassUid, String sopInstanceUid) {}
