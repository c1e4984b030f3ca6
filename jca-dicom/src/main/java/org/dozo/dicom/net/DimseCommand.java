// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicom.net;

/** The values of Command Field (0000,0100), PS3.7 §E.1, that this side knows by name. */
public final class DimseCommand {

    public static final int C_STORE_RQ = 0x0001;
    public static final int C_STORE_RSP = 0x8001;
    public static final int C_GET_RQ = 0x0010;
    public static final int C_FIND_RQ = 0x0020;
    public static final int C_MOVE_RQ = 0x0021;
    public static final int C_ECHO_RQ = 0x0030;
    public static final int C_ECHO_RSP = 0x8030;
    public static final int N_EVENT_REPORT_RQ = 0x0100;
    public static final int N_ACTION_RQ = 0x0130;
    public static final int N_CREATE_RQ = 0x0140;
    public static final int C_CANCEL_RQ = 0x0FFF;

    private static final int RESPONSE = 0x8000;

    private DimseCommand() {}

    public static boolean isResponse(int commandField) {
        return (commandField & RESPONSE) != 0;
    }

    public static int responseTo(int commandField) {
        return commandField | RESPONSE;
    }
}
