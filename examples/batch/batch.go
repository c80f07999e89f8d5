package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// decider decides a stored result anew.
type decider func(ctx context.Context, stored *kyc.Result) (*kyc.Result, error)

// row is one line of the CSV.
type row struct {
	stored *kyc.Result
	fresh  *kyc.Result
	err    error
}

// summary counts rows.
type summary struct{ read, changed, failed int }

var header = []string{"ref", "reference", "stored", "now", "changed", "status", "rule", "error"}

// batch reads results from in, has at most so many workers decide them, and writes the rows to out in the order of in.
// With onlyChanged it leaves out those of which the decision stays. What is held in memory is bounded by the number of workers.
func batch(ctx context.Context, in io.Reader, out io.Writer, workers int, onlyChanged bool, decide decider) (sum summary, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	type job struct {
		stored *kyc.Result
		answer chan<- row
	}
	jobs := make(chan job)
	// Answers are read in the order in which their jobs were given out.
	answers := make(chan chan row, workers)
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for j := range jobs {
				fresh, err := decide(ctx, j.stored)
				j.answer <- row{j.stored, fresh, err}
			}
		})
	}
	running.Go(func() {
		defer close(answers)
		defer close(jobs)
		decoder := json.NewDecoder(in)
		for line := 1; ; line++ {
			stored := new(kyc.Result)
			if err := decoder.Decode(stored); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				cancel(fmt.Errorf("result %d of the input cannot be read: %w", line, err))
				return
			}
			answer := make(chan row, 1)
			select {
			case answers <- answer:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- job{stored, answer}:
			case <-ctx.Done():
				answer <- row{stored, nil, context.Cause(ctx)}
				return
			}
		}
	})
	defer running.Wait()
	defer cancel(nil)
	table := csv.NewWriter(out)
	if err := table.Write(header); err != nil {
		return sum, err
	}
	for answer := range answers {
		r := <-answer
		if ctx.Err() != nil && r.err != nil {
			continue // not a finding about this result
		}
		sum.count(r)
		if onlyChanged && r.stays() {
			continue
		}
		if err := table.Write(r.fields()); err != nil {
			return sum, err
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return sum, err
	}
	return sum, context.Cause(ctx)
}

func (s *summary) count(r row) {
	s.read++
	switch {
	case r.err != nil:
		s.failed++
	case !r.stays():
		s.changed++
	}
}

// stays tells that the result was decided anew, and as before.
func (r row) stays() bool { return r.err == nil && r.fresh.Decision == r.stored.Decision }

// fields are the columns. Neither a Person nor a Document is among them, and an error's text holds no personal data.
func (r row) fields() []string {
	out := []string{r.stored.Ref.String(), cell(r.stored.Reference), r.stored.Decision.String(), "", "", "", "", ""}
	if r.err != nil {
		out[7] = r.err.Error()
		return out
	}
	out[3], out[4] = r.fresh.Decision.String(), strconv.FormatBool(!r.stays())
	out[5] = cell(r.fresh.Status)
	for _, e := range r.fresh.Evidence {
		if e.Deciding {
			out[6] = cell(e.Rule)
		}
	}
	return out
}

// cell keeps a spreadsheet from taking a text that others chose for a formula.
func cell(text string) string {
	if text != "" && (text[0] == '=' || text[0] == '+' || text[0] == '-' || text[0] == '@' || text[0] == '\t' || text[0] == '\r') {
		return "'" + text
	}
	return text
}
