// Command fleet receives a vendor's notices on some machines and acts on them
// on others. README.md explains it.
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kycredis"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// config is what the flags and the environment say.
type config struct {
	role      string
	name      string
	redis     string
	nats      string
	listen    string
	queueSize int64
	unsigned  bool
	rate      float64
	burst     int
	parallel  int
	lease     time.Duration
	ackWait   time.Duration
	log       slog.Level
}

func run(ctx context.Context, args []string, env func(string) string, out, logs io.Writer) error {
	var c config
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	flags.SetOutput(logs)
	flags.StringVar(&c.role, "role", "demo", "receiver, worker or demo")
	flags.StringVar(&c.name, "name", "", "what the worker is called in the ledger; its process id by default")
	flags.StringVar(&c.redis, "redis", "127.0.0.1:6379", "address of Redis")
	flags.StringVar(&c.nats, "nats", nats.DefaultURL, "URL of NATS with JetStream")
	flags.StringVar(&c.listen, "listen", "127.0.0.1:8080", "address of the receiver")
	flags.Int64Var(&c.queueSize, "queue-size", 1<<30, "how many bytes of notices the receiver lets the queue keep; the same for all receivers")
	flags.BoolVar(&c.unsigned, "unsigned", false, "let the receiver take notices whose user reference is not signed")
	flags.Float64Var(&c.rate, "rate", 15, "the vendor's budget in calls a second, for all workers together")
	flags.IntVar(&c.burst, "burst", 15, "how many of them at once")
	flags.IntVar(&c.parallel, "parallel", 4, "how many notices a worker processes at a time")
	flags.DurationVar(&c.lease, "lease", 30*time.Second, "after what time another worker may take the work of a dead one")
	flags.DurationVar(&c.ackWait, "ack-wait", 30*time.Second, "after what time the queue hands a dead worker's notices out again")
	flags.TextVar(&c.log, "log", slog.LevelInfo, "debug, info, warn or error; debug logs every call to the vendor")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if c.queueSize <= maxNotice {
		return fmt.Errorf("-queue-size is %d; it must be more than %d, the size of one notice", c.queueSize, maxNotice)
	}
	if c.name == "" {
		c.name = fmt.Sprint("worker-", os.Getpid())
	}
	log := slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: c.log})).With("role", c.role)
	switch c.role {
	case "receiver":
		return receiver(ctx, c, env, out, log)
	case "worker":
		return worker(ctx, c, env, out, log.With("name", c.name))
	case "demo":
		return demo(ctx, c.log, out, logs)
	default:
		return fmt.Errorf("-role is %q; it must be receiver, worker or demo", c.role)
	}
}

// dialRedis returns a client whose calls end with their contexts.
func dialRedis(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, ContextTimeoutEnabled: true, DialTimeout: 2 * time.Second, ReadTimeout: 2 * time.Second})
}

// vendor makes the client of the vendor, with the budget and the tokens that all workers share.
func vendor(rdb redis.UniversalClient, c config, env func(string) string, log *slog.Logger) (kyc.Provider, error) {
	key, err := hex.DecodeString(env("FLEET_TOKEN_KEY"))
	if err != nil || len(key) != 32 {
		return nil, errors.New("FLEET_TOKEN_KEY must be 64 hexadecimal digits, the same for all workers: openssl rand -hex 32")
	}
	tokens, err := kycredis.NewTokenStore(rdb, "kyc:token:", key)
	if err != nil {
		return nil, err
	}
	cfg := jumio.Config{
		ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
	}
	// For a proxy or, as in the demo, a fake.
	if text := env("JUMIO_ENDPOINTS"); text != "" {
		if err := json.Unmarshal([]byte(text), &cfg.Endpoints); err != nil {
			return nil, fmt.Errorf("JUMIO_ENDPOINTS: %w", err)
		}
	}
	return jumio.NewClient(cfg,
		kyc.WithLimiter(kycredis.NewLimiter(rdb, "jumio:"+cfg.ClientID, c.rate, c.burst)),
		kyc.WithTokenStore(tokens), kyc.WithLogger(log))
}
