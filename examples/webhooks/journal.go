package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// journal keeps in a file which verifications are being followed, so that the next start goes on with them: one line of JSON
// whenever one opens or ends. The zero value keeps nothing. A file belongs to one process; programs that share the work have
// a queue instead.
type journal struct {
	mu   sync.Mutex
	file journalFile
	// size is where the last whole line ends, and torn is set if the file may go on after it.
	size int64
	torn bool
}

// journalFile is what the journal needs of an [os.File], which is opened for appending.
type journalFile interface {
	Write(p []byte) (int, error)
	Sync() error
	Truncate(size int64) error
	Close() error
}

// entry is a line. A Ref holds no personal data.
type entry struct {
	Ref  kyc.Ref `json:"ref"`
	Open bool    `json:"open"`
}

// load reads what is open, and writes the file anew with no more than that.
func (j *journal) load(path string, log *slog.Logger) (open []kyc.Ref, err error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if open, err = readJournal(data, log); err != nil {
		return nil, fmt.Errorf("%s is not a file of open verifications: %w", path, err)
	}
	fresh, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	j.file, j.size, j.torn = fresh, 0, false
	for _, ref := range open {
		err = errors.Join(err, j.note(ref, true))
	}
	if err = errors.Join(err, j.close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	j.file = file
	return open, nil
}

// readJournal lists what is open at the end of a file. A last line that cannot be read is dropped: the program or the machine
// went down while it was written, and nobody was told that it is kept.
func readJournal(data []byte, log *slog.Logger) (open []kyc.Ref, err error) {
	lines := slices.Collect(bytes.Lines(data))
	for i, line := range lines {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			if i < len(lines)-1 || i == 0 && !begins(line) {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			log.Warn("the last line of the file of open verifications is broken and is dropped", "line", i+1)
			break
		}
		open = slices.DeleteFunc(open, func(r kyc.Ref) bool { return r == e.Ref })
		if e.Open {
			open = append(open, e.Ref)
		}
	}
	return open, nil
}

// begins tells whether a line could have become an entry, so that a file of something else is left alone.
func begins(line []byte) bool {
	const head = `{"ref":"`
	n := min(len(head), len(line))
	return string(line[:n]) == head[:n]
}

// note writes that a verification is followed from now on, or to its end.
func (j *journal) note(ref kyc.Ref, open bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	line, err := json.Marshal(entry{ref, open})
	if err != nil {
		return err
	}
	if err := j.mend(); err != nil {
		return err
	}
	n, err := j.file.Write(append(line, '\n'))
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		// A full disk may have taken half of the line. The next one must not go on from there.
		j.torn = true
		return errors.Join(err, j.mend())
	}
	j.size += int64(n)
	return nil
}

// mend cuts off what a failed write has left. While that fails, nothing is written.
func (j *journal) mend() error {
	if !j.torn {
		return nil
	}
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	j.torn = false
	return nil
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
