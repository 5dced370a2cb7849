package io.github.accesstokens.samples.kotlin

import io.github.accesstokens.AccessTokensClient
import io.github.accesstokens.FileHandover
import io.github.accesstokens.HandoverException
import io.github.accesstokens.Rotated
import io.github.accesstokens.Rotation
import io.github.accesstokens.RotationNotAppliedException
import io.github.accesstokens.RotationUnknownException
import java.nio.file.Path
import java.time.OffsetDateTime
import java.time.ZoneOffset
import kotlin.system.exitProcess
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import retrofit2.await

/** The outcome of a rotation, for an exhaustive `when`. */
sealed interface Outcome {
    /** The token has a new secret. If its handover failed, [rotated] holds the only copy. */
    class Applied(val rotated: Rotated, val handoverFailure: HandoverException?) : Outcome

    class NotApplied(val reason: RotationNotAppliedException) : Outcome

    class Unknown(val reason: RotationUnknownException) : Outcome
}

/**
 * Rotates a token. A cancelled coroutine still waits for the outcome: to cancel a request that was
 * sent would lose the secret. The client limits the wait with its `callTimeout`.
 */
suspend fun AccessTokensClient.rotateToOutcome(rotation: Rotation): Outcome =
    withContext(NonCancellable) {
        try {
            Outcome.Applied(newCall(rotation).await(), handoverFailure = null)
        } catch (e: HandoverException) {
            Outcome.Applied(e.rotated, e)
        } catch (e: RotationNotAppliedException) {
            Outcome.NotApplied(e)
        } catch (e: RotationUnknownException) {
            Outcome.Unknown(e)
        }
    }

fun describe(outcome: Outcome): String =
    when (outcome) {
        is Outcome.Applied ->
            when (val failure = outcome.handoverFailure) {
                null -> "rotated ${outcome.rotated.token.name ?: "the token"}"
                else -> "rotated, but not stored: ${failure.message}"
            }
        is Outcome.NotApplied -> "not rotated, status ${outcome.reason.status}"
        is Outcome.Unknown -> outcome.reason.message.orEmpty()
    }

fun main(args: Array<String>) {
    val (accountId, serviceTokenId, file) = args
    val rotation =
        Rotation.of(accountId, serviceTokenId)
            .withPreviousSecretExpiresAt(OffsetDateTime.now(ZoneOffset.UTC).plusDays(1))
            .withHandover(FileHandover.to(Path.of(file)) { token -> token.clientSecret })
    val outcome =
        AccessTokensClient.builder().environment(System.getenv()).build().use { client ->
            runBlocking { client.rotateToOutcome(rotation) }
        }
    println(describe(outcome))
    exitProcess(
        when (outcome) {
            is Outcome.Applied -> 0
            is Outcome.NotApplied -> 1
            is Outcome.Unknown -> 3
        }
    )
}
