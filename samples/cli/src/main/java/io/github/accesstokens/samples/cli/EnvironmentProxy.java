package io.github.accesstokens.samples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.accesstokens.api.InvalidArgumentException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** The proxy of {@code HTTPS_PROXY}, except for the hosts of {@code NO_PROXY}. */
final class EnvironmentProxy extends ProxySelector implements Authenticator {
  private static final String HEADER = "Proxy-Authorization";

  private final HttpUrl url;
  private final List<String> exceptions;

  private EnvironmentProxy(HttpUrl url, List<String> exceptions) {
    this.url = url;
    this.exceptions = exceptions;
  }

  /** Returns the proxy, or null if there is none. The lower-case variables win, as in curl. */
  static @Nullable EnvironmentProxy of(ProcessEnvironment environment) {
    for (String name : List.of("https_proxy", "HTTPS_PROXY")) {
      String value = environment.variable(name);
      if (value != null) {
        HttpUrl url = HttpUrl.parse(value.contains("://") ? value : "http://" + value);
        if (url == null || url.isHttps()) {
          // Without the value, because it may hold a password.
          throw new InvalidArgumentException(name, "is not an http URL of a proxy");
        }
        return new EnvironmentProxy(url, exceptions(environment));
      }
    }
    return null;
  }

  private static List<String> exceptions(ProcessEnvironment environment) {
    String lowerCase = environment.variable("no_proxy");
    String names = lowerCase == null ? environment.variable("NO_PROXY") : lowerCase;
    return names == null
        ? List.of()
        : Stream.of(names.toLowerCase(Locale.ROOT).split("[\\s,]+"))
            .filter(name -> !name.isEmpty())
            .map(name -> name.startsWith(".") ? name.substring(1) : name)
            .toList();
  }

  @Override
  public List<Proxy> select(URI uri) {
    // An http URL is on loopback; ServerUrl checks that.
    boolean direct =
        !"https".equals(uri.getScheme())
            || exceptions.stream().anyMatch(name -> matches(name, uri.getHost()));
    return List.of(
        direct
            ? Proxy.NO_PROXY
            : new Proxy(
                Proxy.Type.HTTP, InetSocketAddress.createUnresolved(url.host(), url.port())));
  }

  /** Returns whether a name of {@code NO_PROXY} is this host or a domain above it. */
  private static boolean matches(String name, String host) {
    return name.equals("*") || host.equals(name) || host.endsWith("." + name);
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    // The failure of the call says so.
  }

  /**
   * Returns the request with the credentials of the proxy, unless the proxy refused them.
   *
   * <p>Only CONNECT goes to the proxy. Any other 407 comes through the tunnel, from the origin.
   */
  @Override
  public @Nullable Request authenticate(@Nullable Route route, Response response) {
    if (url.username().isEmpty()
        || !response.request().method().equals("CONNECT")
        || response.request().header(HEADER) != null) {
      return null;
    }
    return response
        .request()
        .newBuilder()
        .header(HEADER, Credentials.basic(url.username(), url.password(), UTF_8))
        .build();
  }
}
