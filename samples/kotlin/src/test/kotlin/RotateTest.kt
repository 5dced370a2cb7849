package io.github.accesstokens.samples.kotlin

import io.github.accesstokens.AccessTokensClient
import io.github.accesstokens.FileHandover
import io.github.accesstokens.Handover
import io.github.accesstokens.Rotated
import io.github.accesstokens.Rotation
import io.github.accesstokens.api.Credentials
import io.github.accesstokens.provider.Fault
import io.github.accesstokens.provider.StubProvider
import java.io.IOException
import java.nio.file.Path
import java.time.Duration
import kotlin.io.path.readText
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AutoClose
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.io.TempDir

@Timeout(60)
internal class RotateTest {
    @field:AutoClose private val provider = StubProvider.start()
    private val token = provider.addToken()
    private val rotation = Rotation.of(token.accountId(), token.id())
    private val client =
        AccessTokensClient.builder()
            .baseUrl(provider.baseUrl())
            .credentials(Credentials.apiToken("api-token"))
            .build()

    init {
        provider.acceptApiToken("api-token")
    }

    @Test
    fun rotation_isApplied() {
        assertThat(rotate(rotation)).isEqualTo("rotated CI/CD token")
    }

    @Test
    fun refusal_isNotApplied() {
        provider.enqueue(Fault.status(403))

        assertThat(rotate(rotation)).isEqualTo("not rotated, status 403")
    }

    @Test
    fun lostResponse_isUnknown() {
        provider.enqueue(Fault.cutAfterApplying())

        assertThat(rotate(rotation)).startsWith("Unknown whether rotated: ")
        assertThat(provider.rotations()).isEqualTo(1)
    }

    @Test
    fun failedHandover_isAppliedAndKeepsTheSecret() = runBlocking {
        val outcome = client.rotateToOutcome(rotation.withHandover(FullDisk)) as Outcome.Applied

        assertThat(outcome.rotated.clientSecret).isEqualTo(token.clientSecret())
        assertThat(describe(outcome)).startsWith("rotated, but not stored: ").contains("disk full")
        Unit
    }

    @Test
    fun cancelledCoroutine_storesTheSecretBeforeItEnds(@TempDir directory: Path) = runBlocking {
        provider.enqueue(Fault.delay(Duration.ofMillis(300)))
        val file = directory.resolve("secret")
        val handover = FileHandover.to(file) { it.clientSecret }
        val job =
            launch(Dispatchers.Default) { client.rotateToOutcome(rotation.withHandover(handover)) }
        provider.awaitRequests(1, Duration.ofSeconds(30))

        job.cancel()
        job.join()

        assertThat(file.readText()).isEqualTo(token.clientSecret())
        assertThat(provider.requests()).hasSize(1)
        Unit
    }

    private fun rotate(rotation: Rotation) =
        runBlocking { describe(client.rotateToOutcome(rotation)) }

    /** Fails when it stores the secret. */
    private object FullDisk : Handover {
        override fun prepare() =
            object : Handover.Receiver {
                override fun receive(rotated: Rotated): Unit = throw IOException("disk full")

                override fun close() = Unit
            }
    }
}
