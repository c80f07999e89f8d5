package transmittest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image/color"
	"image/jpeg"
	"net/http"
	"sync"

	goimage "image"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// JPEG returns a generated image that the vendor's limits allow. It shows a
// plain colour, another one for each type.
func JPEG(image transmit.ImageType) kyc.File {
	return kyc.FileBytes(string(image)+".jpg", "image/jpeg", jpegOf(image))
}

var jpegs sync.Map // transmit.ImageType -> []byte

func jpegOf(t transmit.ImageType) []byte {
	if data, ok := jpegs.Load(t); ok {
		return data.([]byte)
	}
	sum := uint8(0)
	for i := range len(t) {
		sum = sum*31 + t[i]
	}
	picture := goimage.NewGray(goimage.Rect(0, 0, 1024, 768))
	for i := range picture.Pix {
		picture.Pix[i] = color.Gray{Y: sum}.Y
	}
	var b bytes.Buffer
	// a buffer takes everything, and a grey picture can always be encoded
	_ = jpeg.Encode(&b, picture, nil)
	data, _ := jpegs.LoadOrStore(t, b.Bytes())
	return data.([]byte)
}

func (s *Server) listImages(c *fake.Call) {
	if !c.QueryOnly() || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.live(c.Path("sid"))
	if v == nil {
		c.Fail(http.StatusNotFound, "", "Session not found")
		return
	}
	list := []map[string]any{}
	for _, i := range v.images {
		one := map[string]any{"id": i.id, "format": "jpg", "type": i.kind, "rejected": i.rejected, "original": i.original == ""}
		if i.original != "" {
			one["original_id"] = i.original
		}
		list = append(list, one)
	}
	c.Reply(http.StatusOK, map[string]any{"session_images": list})
}

func (s *Server) getImage(c *fake.Call) {
	if !c.QueryOnly("format") || !c.NoBody() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.live(c.Path("sid"))
	if v == nil {
		c.Fail(http.StatusNotFound, "", "Session not found")
		return
	}
	for _, i := range v.images {
		if i.id == c.Path("id") {
			s.sendImage(c, i.data)
			return
		}
	}
	c.Fail(http.StatusNotFound, "", "Image not found")
}

func (s *Server) sendImage(c *fake.Call, data []byte) {
	switch c.Query("format") {
	case "", "raw":
		// not a registered type, but the one of the vendor's document
		c.ReplyBytes(http.StatusOK, "image/jpg", data)
	case "base64":
		text := base64.StdEncoding.EncodeToString(data)
		switch s.cfg.base64 {
		case Base64Quoted:
			quoted, _ := json.Marshal(text)
			c.ReplyBytes(http.StatusOK, "application/json", quoted)
		case Base64DataURL:
			c.ReplyBytes(http.StatusOK, "text/plain", []byte("data:image/jpeg;base64,"+text))
		default:
			c.ReplyBytes(http.StatusOK, "text/plain", []byte(text))
		}
	default:
		c.Refuse(http.StatusBadRequest, fake.RuleQuery, "format is neither raw nor base64")
	}
}

func (s *Server) addImage(c *fake.Call) {
	if !c.QueryOnly() || !c.JSON(nil) {
		return
	}
	var req transmit.AddImageRequest
	if err := kyc.Unmarshal(c.Body, &req); err != nil {
		c.Refuse(http.StatusBadRequest, fake.RuleJSON, "does not decode")
		return
	}
	data, detail := checkImage(req.Image.DataFormat, req.Image.Content)
	if detail != "" {
		c.Refuse(http.StatusBadRequest, "image", detail)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.live(c.Path("sid"))
	if v == nil {
		c.Fail(http.StatusNotFound, "", "Session not found")
		return
	}
	switch s.status(v) {
	case transmit.SessionStatusCapturing, transmit.SessionStatusRecapture:
	case transmit.SessionStatusPending:
		c.Refuse(http.StatusBadRequest, "order", "the session was not started")
		return
	default:
		c.Fail(http.StatusBadRequest, "", "the session takes no images any more")
		return
	}
	if id := req.Image.ImageID; id != "" {
		for _, i := range v.images {
			if i.callerID == id {
				c.Refuse(http.StatusBadRequest, "image", "image_id was used before")
				return
			}
		}
	}
	feedback := s.add(v, req.Image.ImageType, req.Image.ImageID, data)
	missing := s.missing(v)
	answer := map[string]any{"feedback": feedback, "complete": len(missing) == 0, "missing_images": missing}
	if feedback == transmit.FeedbackRestrictedCriteria && s.cfg.customFeedback != "" {
		answer["custom_feedback"] = s.cfg.customFeedback
	}
	c.Reply(http.StatusOK, answer)
}

// checkImage tells what is wrong with an image by the vendor's limits.
func checkImage(format, content string) (data []byte, detail string) {
	if format != transmit.FormatJPG {
		return nil, "the format is not jpg"
	}
	data, err := base64.StdEncoding.Strict().DecodeString(content)
	if err != nil {
		return nil, "the content is not base64"
	}
	header, err := jpeg.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return nil, "the content is not a JPEG"
	case header.Width < 640 || header.Width > 3840 || header.Height < 480 || header.Height > 2160:
		return nil, "the image is not between 640x480 and 3840x2160 pixels"
	}
	return data, ""
}
