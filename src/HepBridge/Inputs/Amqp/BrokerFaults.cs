using System.Net.Sockets;
using System.Security.Authentication;
using HepBridge.Configuration;
using HepBridge.Outputs.Streams;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace HepBridge.Inputs.Amqp;

/// <summary>What went wrong between HepBridge and a broker, and what to do, in one sentence each.</summary>
internal sealed class BrokerFaults(AmqpInputConfiguration configuration, HepServer server, CertificateValidator? certificate)
{
    private string Broker => $"RabbitMQ {server}";

    private string VirtualHost => $"vhost {configuration.VirtualHost}";

    /// <summary>An exception that the broker, the network or the client library causes; any other is an error of this program.</summary>
    public static bool IsFault(Exception e) =>
        e is RabbitMQClientException or IOException or SocketException or TimeoutException or AuthenticationException or ConnectFailedException or ObjectDisposedException
        || (e is OperationCanceledException && e.InnerException is TimeoutException or IOException);

    public BrokerException Wrap(Exception e) => e as BrokerException ?? new BrokerException(Explain(e), e);

    public string Explain(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case OperationInterruptedException { ShutdownReason: { } reason }:
                    return Explain(reason);
                case AuthenticationFailureException or PossibleAuthenticationFailureException:
                    return $"{Broker} refuses the login of user {configuration.User}: correct AMQP_USER and AMQP_PASS{GuestHint}.";
                case ConnectFailedException:
                    return $"{Broker}: {cause.Message}.";
                case AuthenticationException when certificate is not null:
                    return $"{Broker}: {certificate.Explain(cause)}.";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return $"{Broker} closed the connection ({cause.Message}): if this happens at once, check AMQP_PORT{TlsHint}.";
                case SocketException or ConnectFailureException { InnerException: null }:
                    return $"Cannot reach {Broker}: {cause.Message}.";
                case TimeoutException:
                    return $"{Broker} does not answer: check whether a broker listens on this port (AMQP_PORT){TlsHint}.";
                case IOException { InnerException: null } or ProtocolViolationException when cause is not (BrokerUnreachableException or ConnectFailureException):
                    return configuration.Tls is not null && certificate is not null
                        ? $"{Broker}: {certificate.Explain(cause)}."
                        : $"{Broker} closed the connection ({cause.Message}): if this happens at once, check AMQP_PORT{TlsHint}.";
            }
        }

        return $"{Broker}: {e.Message}";
    }

    public string Explain(ShutdownEventArgs reason)
    {
        string text = reason.ReplyText;
        return reason.ReplyCode switch
        {
            Constants.AccessRefused when Has(text, "Login was refused") => $"{Broker} refuses the login of user {configuration.User}: correct AMQP_USER and AMQP_PASS{GuestHint}.",
            Constants.AccessRefused or Constants.NotAllowed when Has(text, "access to vhost") =>
                $"{Broker} does not let user {configuration.User} use {VirtualHost}: grant it with 'rabbitmqctl set_permissions -p {configuration.VirtualHost} {configuration.User} …'.",
            Constants.AccessRefused => $"{Broker} refuses user {configuration.User} something ({text}): grant it with 'rabbitmqctl set_permissions -p {configuration.VirtualHost} {configuration.User} …'.",
            Constants.NotAllowed when Has(text, "vhost") => $"{Broker} has no virtual host {configuration.VirtualHost}: create it with 'rabbitmqctl add_vhost', or correct AMQP_VHOST.",
            Constants.NotFound when Has(text, "no exchange") =>
                $"{Broker} has no exchange {configuration.Exchange} in {VirtualHost}: mod_amqp creates it when it connects; load mod_amqp on a switch, or correct exchange.",
            Constants.NotFound when Has(text, "no queue") => $"The queue {configuration.Queue} of {Broker} was deleted.",
            Constants.NotFound when Has(text, "process is stopped") || Has(text, "down or inaccessible") => $"The queue {configuration.Queue} of {Broker} is down ({text}).",
            Constants.PreconditionFailed when Has(text, "'type' for exchange") => ExplainType(text),
            Constants.PreconditionFailed when Has(text, "for queue") =>
                $"A queue of {configuration.Queue} exists on {Broker} with other settings ({text}): delete it, or correct queue, queue_type and partitions.",
            Constants.PreconditionFailed when Has(text, "timed out") => $"{Broker} waited too long for an acknowledgement ({text}): bring the collector back, or raise the broker's consumer_timeout.",
            Constants.CommandInvalid when Has(text, "unknown exchange type") =>
                $"{Broker} lacks the consistent-hash exchange that partitions need: run 'rabbitmq-plugins enable rabbitmq_consistent_hash_exchange' there.",
            Constants.ConnectionForced => $"{Broker} closed the connection: it stops or an operator closed it ({text}).",
            _ when reason.Exception is { } cause && cause is not OperationInterruptedException => $"The connection to {Broker} broke: {(cause.InnerException ?? cause).Message.TrimEnd('.')}.",
            _ => $"{Broker} closed the connection: {text} (code {reason.ReplyCode}).",
        };
    }

    private string GuestHint => configuration.User == "guest" ? " (RabbitMQ accepts guest from its own host only)" : "";

    private string TlsHint => configuration.Tls is not null ? ", and whether it speaks TLS" : ", and set tls if it speaks TLS";

    // "… received 'topic' but current is 'fanout'"
    private string ExplainType(string text)
    {
        string[] quoted = text.Split('\'');
        string type = quoted.Length > 2 ? quoted[^2] : "another type";
        return $"The exchange {configuration.Exchange} of {Broker} is of type {type}, but bindings need topic: set exchange-type to topic in amqp.conf.xml and delete the exchange, or correct exchange.";
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The broker cannot be used; the message says why and what to do, in one sentence.</summary>
internal sealed class BrokerException(string message, Exception? inner = null) : Exception(message, inner);
