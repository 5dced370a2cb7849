package io.github.accesstokens;

import java.util.concurrent.CompletableFuture;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** Completes with a rotation. */
@NeedsAndroid(24)
final class RotationFuture extends CompletableFuture<Rotated> implements Callback<Rotated> {
  private final Call<Rotated> call;

  private RotationFuture(Call<Rotated> call) {
    this.call = call;
  }

  static CompletableFuture<Rotated> of(Call<Rotated> call) {
    RotationFuture future = new RotationFuture(call);
    call.enqueue(future);
    return future;
  }

  @Override
  public void onResponse(Call<Rotated> call, Response<Rotated> response) {
    complete(response.body());
  }

  @Override
  public void onFailure(Call<Rotated> call, Throwable failure) {
    completeExceptionally(failure);
  }

  /** Cancels the call. The future completes with the outcome that the call then reports. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    call.cancel();
    return false;
  }
}
