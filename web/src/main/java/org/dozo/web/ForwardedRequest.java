// SPDX-License-Identifier: Apache-2.0
package org.dozo.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.InetAddress;
import org.jspecify.annotations.NullUnmarked;

/** A request that came through a balancer, with the caller's own address and scheme. */
@NullUnmarked
final class ForwardedRequest extends HttpServletRequestWrapper {

    private final InetAddress address;
    private final String scheme;

    ForwardedRequest(HttpServletRequest request, Caller caller) {
        super(request);
        address = caller.address();
        scheme = caller.scheme() == null ? request.getScheme() : caller.scheme();
    }

    @Override
    public String getRemoteAddr() {
        return address.getHostAddress();
    }

    @Override
    public String getRemoteHost() {
        return getRemoteAddr();
    }

    @Override
    public String getScheme() {
        return scheme;
    }

    @Override
    public boolean isSecure() {
        return "https".equals(scheme);
    }

    @Override
    public StringBuffer getRequestURL() {
        StringBuffer url = super.getRequestURL();
        return url.replace(0, url.indexOf(":"), scheme);
    }
}
