package io.github.accesstokens.samples.android;

import android.app.Activity;
import android.os.Bundle;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import io.github.accesstokens.samples.android.TokenRotation.State;
import org.jspecify.annotations.Nullable;

/** Rotates at the touch of a button and shows the outcome, never the secret. */
public final class RotationScreen extends Activity {
  static final int STATUS = 1;
  static final int ROTATE = 2;
  static final int RESOLVE = 3;

  @Override
  protected void onCreate(@Nullable Bundle savedInstanceState) {
    super.onCreate(savedInstanceState);
    TokenRotation rotation = SampleApp.rotation(this);
    TextView status = new TextView(this);
    status.setId(STATUS);
    LinearLayout layout = new LinearLayout(this);
    layout.setOrientation(LinearLayout.VERTICAL);
    layout.addView(status);
    layout.addView(
        button(ROTATE, "Rotate", () -> rotation.start(state -> status.setText(text(state)))));
    layout.addView(
        button(
            RESOLVE,
            "I have looked at the token",
            () -> {
              rotation.resolve();
              status.setText("");
            }));
    setContentView(layout);
    if (rotation.isUnknown()) {
      status.setText(text(State.UNKNOWN));
    }
  }

  private Button button(int id, String label, Runnable action) {
    Button button = new Button(this);
    button.setId(id);
    button.setText(label);
    button.setOnClickListener(view -> action.run());
    return button;
  }

  private static String text(State state) {
    return switch (state) {
      case ROTATED -> "Rotated";
      case NOT_APPLIED -> "Not rotated";
      case NOT_STORED -> "Rotated, but not stored. Free some space and touch Rotate.";
      case UNKNOWN -> "Unknown whether rotated. Look at the token's page in the account.";
    };
  }
}
