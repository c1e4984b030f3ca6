// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.dozo.shared.Failure;

/** Failures as plain text, for those who have no resource method around them. */
final class Answers {

    private Answers() {}

    static void text(HttpServletResponse response, Failure failure, String message) throws IOException {
        text(response, failure.httpStatus(), message);
    }

    static void text(HttpServletResponse response, int status, String message) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain; charset=utf-8");
        response.getWriter().println(message);
    }
}
