#pragma once

#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml.h"
#include "gguf.h"
#include "llama.h"

namespace loci {

// The functions we use, grouped by the library that exports them. node-llama-cpp names its
// libraries after the variant (cpu, cuda, vulkan, ...), so we cannot link to them and look up
// addresses when they are loaded.
#define LOCI_GGML_BASE_FUNCTIONS(X)                                                                \
    X(ggml_init)                                                                                   \
    X(ggml_free)                                                                                   \
    X(ggml_tensor_overhead)                                                                        \
    X(ggml_graph_overhead)                                                                         \
    X(ggml_graph_overhead_custom)                                                                  \
    X(ggml_new_graph)                                                                              \
    X(ggml_new_graph_custom)                                                                       \
    X(ggml_build_forward_expand)                                                                   \
    X(ggml_new_tensor_1d)                                                                          \
    X(ggml_new_tensor_2d)                                                                          \
    X(ggml_new_tensor_3d)                                                                          \
    X(ggml_view_1d)                                                                                \
    X(ggml_view_2d)                                                                                \
    X(ggml_view_3d)                                                                                \
    X(ggml_reshape_2d)                                                                             \
    X(ggml_reshape_3d)                                                                             \
    X(ggml_permute)                                                                                \
    X(ggml_transpose)                                                                              \
    X(ggml_cont)                                                                                   \
    X(ggml_cast)                                                                                   \
    X(ggml_cpy)                                                                                    \
    X(ggml_add)                                                                                    \
    X(ggml_sub)                                                                                    \
    X(ggml_mul)                                                                                    \
    X(ggml_relu)                                                                                   \
    X(ggml_scale)                                                                                  \
    X(ggml_sqr)                                                                                    \
    X(ggml_sqrt)                                                                                   \
    X(ggml_tanh)                                                                                   \
    X(ggml_sum_rows)                                                                               \
    X(ggml_mul_mat)                                                                                \
    X(ggml_mul_mat_set_hint)                                                                       \
    X(ggml_soft_max_ext)                                                                           \
    X(ggml_soft_max_add_sinks)                                                                     \
    X(ggml_get_rows)                                                                               \
    X(ggml_concat)                                                                                 \
    X(ggml_set_rows)                                                                               \
    X(ggml_rope_ext)                                                                               \
    X(ggml_rope_set_offset)                                                                        \
    X(ggml_flash_attn_ext)                                                                         \
    X(ggml_flash_attn_ext_set_n_kv_max)                                                            \
    X(ggml_prec_set_acc)                                                                           \
    X(ggml_set_input)                                                                              \
    X(ggml_set_output)                                                                             \
    X(ggml_nbytes)                                                                                 \
    X(ggml_nelements)                                                                              \
    X(ggml_row_size)                                                                               \
    X(ggml_type_size)                                                                              \
    X(ggml_blck_size)                                                                              \
    X(ggml_is_quantized)                                                                           \
    X(ggml_type_name)                                                                              \
    X(ggml_get_type_traits)                                                                        \
    X(ggml_fp32_to_fp16)                                                                           \
    X(ggml_fp16_to_fp32)                                                                           \
    X(ggml_fp32_to_fp16_row)                                                                       \
    X(ggml_fp16_to_fp32_row)                                                                       \
    X(ggml_gallocr_new)                                                                            \
    X(ggml_gallocr_free)                                                                           \
    X(ggml_gallocr_alloc_graph)                                                                    \
    X(ggml_gallocr_get_buffer_size)                                                                \
    X(ggml_backend_alloc_ctx_tensors)                                                              \
    X(ggml_backend_buffer_free)                                                                    \
    X(ggml_backend_buffer_get_size)                                                                \
    X(ggml_backend_buffer_get_type)                                                                \
    X(ggml_backend_buffer_clear)                                                                   \
    X(ggml_backend_buft_get_device)                                                                \
    X(ggml_backend_buft_get_alloc_size)                                                            \
    X(ggml_backend_get_default_buffer_type)                                                        \
    X(ggml_backend_get_device)                                                                     \
    X(ggml_backend_free)                                                                           \
    X(ggml_backend_graph_compute)                                                                  \
    X(ggml_backend_synchronize)                                                                    \
    X(ggml_threadpool_params_default)                                                              \
    X(ggml_backend_supports_op)                                                                    \
    X(ggml_backend_tensor_set)                                                                     \
    X(ggml_backend_tensor_get)                                                                     \
    X(ggml_backend_tensor_copy)                                                                    \
    X(ggml_backend_dev_init)                                                                       \
    X(ggml_backend_dev_name)                                                                       \
    X(ggml_backend_dev_description)                                                                \
    X(ggml_backend_dev_memory)                                                                     \
    X(ggml_backend_dev_type)                                                                       \
    X(ggml_backend_dev_backend_reg)                                                                \
    X(ggml_backend_reg_get_proc_address)                                                           \
    X(gguf_init_from_file)                                                                         \
    X(gguf_free)                                                                                   \
    X(gguf_find_tensor)                                                                            \
    X(gguf_get_tensor_ne)                                                                          \
    X(gguf_find_key)                                                                               \
    X(gguf_get_kv_type)                                                                            \
    X(gguf_get_val_u16)                                                                            \
    X(gguf_get_arr_type)                                                                           \
    X(gguf_get_arr_n)                                                                              \
    X(gguf_get_arr_data)                                                                           \
    X(gguf_get_val_data)                                                                           \
    X(gguf_get_tensor_offset)                                                                      \
    X(gguf_get_tensor_type)                                                                        \
    X(gguf_get_tensor_size)                                                                        \
    X(gguf_get_data_offset)

#define LOCI_GGML_FUNCTIONS(X)                                                                     \
    X(ggml_backend_load_all_from_path)                                                             \
    X(ggml_backend_dev_count)                                                                      \
    X(ggml_backend_dev_get)                                                                        \
    X(ggml_backend_dev_by_type)

#define LOCI_LLAMA_FUNCTIONS(X)                                                                    \
    X(llama_version)                                                                               \
    X(llama_log_set)                                                                               \
    X(llama_backend_init)                                                                          \
    X(llama_model_default_params)                                                                  \
    X(llama_model_load_from_file)                                                                  \
    X(llama_model_free)                                                                            \
    X(llama_model_get_vocab)                                                                       \
    X(llama_model_n_ctx_train)                                                                     \
    X(llama_model_n_embd)                                                                          \
    X(llama_model_n_layer)                                                                         \
    X(llama_model_n_head)                                                                          \
    X(llama_model_n_head_kv)                                                                       \
    X(llama_model_n_swa)                                                                           \
    X(llama_model_n_params)                                                                        \
    X(llama_model_size)                                                                            \
    X(llama_model_meta_val_str)                                                                    \
    X(llama_model_is_recurrent)                                                                    \
    X(llama_model_is_hybrid)                                                                       \
    X(llama_model_is_diffusion)                                                                    \
    X(llama_model_has_encoder)                                                                     \
    X(llama_model_chat_template)                                                                   \
    X(llama_chat_apply_template)                                                                   \
    X(llama_context_default_params)                                                                \
    X(llama_init_from_model)                                                                       \
    X(llama_free)                                                                                  \
    X(llama_get_memory)                                                                            \
    X(llama_memory_clear)                                                                          \
    X(llama_memory_seq_rm)                                                                         \
    X(llama_memory_seq_cp)                                                                         \
    X(llama_state_seq_get_size_ext)                                                                \
    X(llama_state_seq_get_data_ext)                                                                \
    X(llama_state_seq_set_data_ext)                                                                \
    X(llama_decode)                                                                                \
    X(llama_synchronize)                                                                           \
    X(llama_set_abort_callback)                                                                    \
    X(llama_set_n_threads)                                                                         \
    X(llama_attach_threadpool)                                                                     \
    X(llama_detach_threadpool)                                                                     \
    X(llama_get_logits_ith)                                                                        \
    X(llama_batch_init)                                                                            \
    X(llama_batch_free)                                                                            \
    X(llama_vocab_type)                                                                            \
    X(llama_vocab_n_tokens)                                                                        \
    X(llama_vocab_is_eog)                                                                          \
    X(llama_vocab_bos)                                                                             \
    X(llama_vocab_eos)                                                                             \
    X(llama_vocab_eot)                                                                             \
    X(llama_vocab_sep)                                                                             \
    X(llama_vocab_pad)                                                                             \
    X(llama_vocab_mask)                                                                            \
    X(llama_vocab_get_text)                                                                        \
    X(llama_vocab_get_attr)                                                                        \
    X(llama_vocab_get_add_bos)                                                                     \
    X(llama_vocab_fim_pre)                                                                         \
    X(llama_vocab_fim_suf)                                                                         \
    X(llama_vocab_fim_mid)                                                                         \
    X(llama_vocab_fim_pad)                                                                         \
    X(llama_vocab_fim_rep)                                                                         \
    X(llama_vocab_fim_sep)                                                                         \
    X(llama_tokenize)                                                                              \
    X(llama_token_to_piece)                                                                        \
    X(llama_sampler_chain_default_params)                                                          \
    X(llama_sampler_chain_init)                                                                    \
    X(llama_sampler_chain_add)                                                                     \
    X(llama_sampler_init_greedy)                                                                   \
    X(llama_sampler_init_dist)                                                                     \
    X(llama_sampler_init_top_k)                                                                    \
    X(llama_sampler_init_top_p)                                                                    \
    X(llama_sampler_init_min_p)                                                                    \
    X(llama_sampler_init_temp)                                                                     \
    X(llama_sampler_init_penalties)                                                                \
    X(llama_sampler_apply)                                                                         \
    X(llama_sampler_accept)                                                                        \
    X(llama_sampler_reset)                                                                         \
    X(llama_sampler_free)

#define LOCI_ALL_FUNCTIONS(X)                                                                      \
    LOCI_GGML_BASE_FUNCTIONS(X)                                                                    \
    LOCI_GGML_FUNCTIONS(X)                                                                         \
    LOCI_LLAMA_FUNCTIONS(X)

/// Addresses of llama.cpp's functions in the loaded libraries, under the same names.
struct Api {
// NOLINTNEXTLINE(bugprone-macro-parentheses): the name that is declared
#define LOCI_DECLARE(name) decltype(&::name) name = nullptr;
    LOCI_ALL_FUNCTIONS(LOCI_DECLARE)
#undef LOCI_DECLARE
};

} // namespace loci
