// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Keeps the servlet's own response at hand: JAX-RS gives a proxy of it, whose stream can't take files (docs/adr/0014). */
@WebFilter({"/dicomweb/*", "/wado/*"})
public class ServletResponseFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final String ATTRIBUTE = ServletResponseFilter.class.getName();

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(ATTRIBUTE, response);
        chain.doFilter(request, response);
    }

    /** @param proxy what JAX-RS gave, for a request that did not come this way */
    static HttpServletResponse of(HttpServletRequest request, HttpServletResponse proxy) {
        return request.getAttribute(ATTRIBUTE) instanceof HttpServletResponse own ? own : proxy;
    }
}
