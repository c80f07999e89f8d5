package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// receiver takes the vendor's notices and hands them to the queue. Any number of receivers may run: the queue drops what
// two of them get.
func receiver(ctx context.Context, c config, env func(string) string, out io.Writer, log *slog.Logger) error {
	from, err := source(c, env)
	if err != nil {
		return err
	}
	q, err := dialQueue(c.nats, "receiver", log)
	if err != nil {
		return err
	}
	defer q.close()
	if err := q.makeStream(ctx, c.queueSize); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return err
	}
	if c.unsigned {
		log.Warn("-unsigned is set: notices are taken from anybody")
	}
	server := httpServer(notices(from, q, log))
	fmt.Fprintf(out, "notices at http://%s/notices/jumio\n", listener.Addr())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	// What has come in is still handed over and answered.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func httpServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: time.Minute}
}

// source reads the vendor's notices. Jumio signs none, so only those are taken that carry a reference which the program that
// started the check has signed.
func source(c config, env func(string) string) (kyc.NoticeSource, error) {
	if c.unsigned {
		return jumio.Callbacks(), nil
	}
	signer, err := jumio.NewReferenceSigner(kyc.Secret(env("FLEET_REFERENCE_KEY")))
	if err != nil {
		const what = "FLEET_REFERENCE_KEY must be the key with which the program that starts the checks signs user references " +
			"(jumio.WithUserReferenceSigner); -unsigned does without, and takes notices from anybody"
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return jumio.Callbacks(jumio.WithSignedUserReference(signer)), nil
}

// final tells whether a notice says that the verification is over: Jumio sends no other after it.
func final(e kyc.Event) bool {
	switch jumio.Status(e.Status) {
	case jumio.StatusProcessed, jumio.StatusSessionExpired, jumio.StatusTokenExpired:
		return true
	default:
		return false
	}
}

// notices answers 200 only when the queue has the notice. Until then the vendor keeps sending it.
func notices(from kyc.NoticeSource, q *queue, log *slog.Logger) http.Handler {
	handler := kyc.Handler(from, q.put, kyc.WithHandlerLogger(log))
	mux := http.NewServeMux()
	mux.HandleFunc("/notices/jumio", func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(&busy{ResponseWriter: w}, r) })
	return mux
}

// busy answers 503 instead of 500: nothing fails here but the queue, which is full or out of reach for a while.
type busy struct {
	http.ResponseWriter
	refused bool
}

// WriteHeader writes the status, and with 503 when to come again.
func (b *busy) WriteHeader(status int) {
	if b.refused = status == http.StatusInternalServerError; b.refused {
		status = http.StatusServiceUnavailable
		b.Header().Set("Retry-After", "30")
	}
	b.ResponseWriter.WriteHeader(status)
}

// Write replaces the text of an answer whose status was replaced.
func (b *busy) Write(p []byte) (int, error) {
	if b.refused {
		_, err := fmt.Fprintln(b.ResponseWriter, http.StatusText(http.StatusServiceUnavailable))
		return len(p), err
	}
	return b.ResponseWriter.Write(p)
}
