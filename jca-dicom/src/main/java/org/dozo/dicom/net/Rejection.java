// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** Result, source and reason of an A-ASSOCIATE-RJ, PS3.8 §9.3.4. Codes that the standard does not know are kept as numbers. */
public record Rejection(int result, int source, int reason) {

    public static final Rejection APPLICATION_CONTEXT_NAME_NOT_SUPPORTED = new Rejection(1, 1, 2);
    public static final Rejection CALLING_AE_TITLE_NOT_RECOGNIZED = new Rejection(1, 1, 3);
    public static final Rejection CALLED_AE_TITLE_NOT_RECOGNIZED = new Rejection(1, 1, 7);
    public static final Rejection PROTOCOL_VERSION_NOT_SUPPORTED = new Rejection(1, 2, 2);
    /** Transient: come back later. */
    public static final Rejection LOCAL_LIMIT_EXCEEDED = new Rejection(2, 3, 2);

    public boolean isPermanent() {
        return result != 2;
    }

    byte[] toPdu() {
        return new byte[] {
            (byte) PduType.ASSOCIATE_RJ.code(), 0, 0, 0, 0, 4, 0, (byte) result, (byte) source, (byte) reason
        };
    }

    /** What it means, in the standard's words. */
    public String meaning() {
        return switch (source * 16 + reason) {
            case 0x12 -> "application context name not supported";
            case 0x13 -> "calling AE title not recognized";
            case 0x17 -> "called AE title not recognized";
            case 0x22 -> "protocol version not supported";
            case 0x31 -> "temporary congestion";
            case 0x32 -> "local limit exceeded";
            default -> "no reason given (source " + source + ", reason " + reason + ")";
        };
    }

    @Override
    public String toString() {
        return (isPermanent() ? "rejected permanent: " : "rejected transient: ") + meaning();
    }
}
