// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.dozo.access.AccessSettings;
import org.dozo.access.Balancers;
import org.dozo.access.OperatorSecret;
import org.dozo.shared.Failure;
import org.jspecify.annotations.NullUnmarked;

/**
 * Health is open to everybody. Everything else, until there are accounts, only from this machine; and out of evaluation
 * mode only to the operator's own command.
 *
 * <p>The Host header must name this machine too: otherwise a web page of somebody else could reach it through a name of its own
 * that it points at 127.0.0.1 (DNS rebinding). Writes must be of types that a foreign page can't send without asking first; see
 * {@link BodyRules}.
 */
@WebFilter("/*")
@NullUnmarked
public class AccessFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Set<String> READING = Set.of("GET", "HEAD");

    @Inject
    private transient AccessSettings settings;

    @Inject
    private transient Balancers balancers;

    @Inject
    private transient OperatorSecret operator;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        // The container gives an address, never a name: nothing is looked up here.
        Caller caller = Caller.of(
                InetAddress.getByName(request.getRemoteAddr()),
                request.getHeader("X-Forwarded-For"),
                request.getHeader("X-Forwarded-Proto"),
                balancers);
        if (isOpenToAll(request)) {
            chain.doFilter(request, response);
        } else if (caller.address() == null) {
            Answers.text(
                    response,
                    Failure.NOT_AUTHORISED,
                    "The balancer (http.forwarded-from) does not say who calls: let it set X-Forwarded-For to the caller's"
                            + " address");
        } else {
            doFor(new ForwardedRequest(request, caller), caller, response, chain);
        }
    }

    private void doFor(HttpServletRequest request, Caller caller, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!caller.isOnThisMachine() || !namesThisMachine(request)) {
            Answers.text(
                    response,
                    Failure.NOT_AUTHORISED,
                    "This is open to this machine only: call http://127.0.0.1 from it");
        } else if (!settings.evaluation() && !operator.isShownBy(request.getHeader("Authorization"))) {
            Answers.text(
                    response,
                    Failure.NOT_AUTHORISED,
                    "Evaluation mode is off (evaluation.enabled=false), and this release has no accounts yet: use ./dozo"
                            + " as the user whose data directory it is");
        } else {
            doWithBody(request, response, chain);
        }
    }

    private static void doWithBody(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean stow = BodyRules.isStow(request.getMethod(), path(request));
        if (!isWithoutBody(request) && !BodyRules.isTaken(stow, request.getContentType())) {
            if (stow) {
                Answers.text(
                        response,
                        HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE,
                        "Objects need Content-Type multipart/related or application/dicom (PS3.18 §10.5)");
            } else {
                Answers.text(
                        response,
                        Failure.NOT_AUTHORISED,
                        "Changes need Content-Type application/json or application/yaml");
            }
        } else if (!stow && request.getContentLengthLong() > BodyRules.MOST) {
            Answers.text(
                    response,
                    Failure.LIMIT_EXCEEDED,
                    "The body is longer than " + BodyRules.MOST + " bytes, the most here");
        } else {
            chain.doFilter(stow ? request : new BoundedBody(request, BodyRules.MOST), response);
        }
    }

    private static String path(HttpServletRequest request) {
        return request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
    }

    private static boolean isOpenToAll(HttpServletRequest request) {
        return request.getServletPath().startsWith("/health/");
    }

    private static boolean namesThisMachine(HttpServletRequest request) {
        String host = request.getServerName();
        return "localhost".equalsIgnoreCase(host)
                || LOOPBACK.matcher(host).matches()
                || "[::1]".equals(host)
                || "::1".equals(host);
    }

    private static boolean isWithoutBody(HttpServletRequest request) {
        // A foreign page can't send DELETE without asking first either.
        return READING.contains(request.getMethod()) || "DELETE".equals(request.getMethod());
    }
}
