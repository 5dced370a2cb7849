/** Rotates service tokens of Cloudflare Access. */
module io.github.accesstokens {
  requires transitive com.squareup.moshi;
  requires transitive okhttp3;
  requires transitive retrofit2;
  requires static transitive org.jspecify;
  requires okio;
  requires retrofit2.converter.moshi;

  // OkHttp, Retrofit and Moshi need these two, but their jars do not say so.
  requires java.logging;
  requires kotlin.stdlib;

  exports io.github.accesstokens;
  exports io.github.accesstokens.api;
  exports io.github.accesstokens.model;
}
